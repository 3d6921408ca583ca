import { RequestError } from './carrier.ts';

const advice: Readonly<Record<string, string>> = {
  host_silent: 'The workspace process is not answering. What was saved is safe; it is tried again.',
  account_closed: 'This account was closed. What was not sent is kept on this computer.',
  not_signed_in: 'You are signed out of that server. Your work is safe; sign in again.',
  wrong_password: 'That e-mail address and password do not fit together. Try again.',
  account_exists: 'That e-mail address already has an account there. Sign in with it instead.',
  invitation_unknown:
    'That server knows no such invitation. Check that the link was copied whole, or ask for a new one.',
  invitation_expired: 'That invitation has expired. Ask the person who sent it for a new one.',
  invitation_used: 'That invitation has been used already. If it was you, sign in instead.',
  invitation_withdrawn: 'That invitation was withdrawn. Ask the person who sent it.',
  server_unreachable:
    'The server does not answer. Check the address and the connection; what you typed is kept.',
  not_a_stint_server: 'Something answers at that address, but it is not a Stint server.',
  rate_limited: 'Too many attempts in a short time. Wait a minute and try again.',
  protocol_unsupported: 'This program and that server are too far apart in age. Update Stint.',
  signup_closed: 'That server does not take new organizations. Ask its host.',
  disk_full: 'This computer’s disk is full. Nothing is lost; make room and try again.',
  file_changed: 'The file changed while it was being added. Save it, then add it again.',
  internal: 'Something went wrong inside Stint. Your work is safe; try again.',
};

/** What happened and what to do, in plain words: those of the engine where there are no better ones. */
export function describeError(error: unknown): string {
  if (!(error instanceof RequestError)) return advice['internal'] ?? '';
  return advice[error.code] ?? toSentence(error.message);
}

/** What is wrong with one field of the input, where the engine found fault with that one. */
export function describeFieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof RequestError) || error.field === undefined) return undefined;
  return error.field === field || error.field.startsWith(`${field}.`)
    ? (advice[error.code] ?? toSentence(error.message))
    : undefined;
}

/** The engine begins with the request and the field, for programs; the person sees the field. */
function toSentence(message: string): string {
  const trimmed = message.replace(/^[\w.]+, field "[^"]*": /u, '').trim();
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
}
