import type { WaitingChange } from '../../../shared/contract/sync-requests.ts';

/** What stands behind the code, and what the person can do about it. The server's own words come first. */
const advice: Readonly<Record<string, string>> = {
  not_found: 'What it is about is not there any more.',
  forbidden: 'You may not do this in this organization.',
  conflict: 'Somebody else was faster, or it has been done before.',
  server_error:
    'The server stumbles over this one change, again and again. Everything else was sent.',
  too_large: 'It is larger than the server takes.',
};

/** Why a change stands on the list, in whole sentences. */
export function explainChange({ state, reason, reasonCode }: WaitingChange): string {
  if (state === 'held')
    return 'It builds on a change that was refused and that you took off the list. Without it, this one leads nowhere.';
  if (state === 'kept') {
    return reason === null || reasonCode === 'forbidden'
      ? 'Your access ended before this was sent. It is kept here, with its files, for you to export.'
      : `${toSentence(reason)} It is kept here for you to export.`;
  }
  const further = advice[reasonCode ?? ''];
  if (reason === null) return further ?? 'The server refused it and gave no reason.';
  return further === undefined ? toSentence(reason) : `${toSentence(reason)} ${further}`;
}

export function toSentence(words: string): string {
  const trimmed = words.trim();
  const capital = trimmed.charAt(0).toLocaleUpperCase() + trimmed.slice(1);
  return /[.!?]$/u.test(capital) ? capital : `${capital}.`;
}
