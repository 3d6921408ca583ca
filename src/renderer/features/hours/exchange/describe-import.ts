import type { RequestOutput } from '../../../../shared/contract/contract.ts';
import { formatDuration } from '../../../format/duration.ts';
import { formatPlural } from '../../../format/numbers.ts';
import type { ToastMessage } from '../../../ui/toast.tsx';

type Preview = Pick<RequestOutput<'hours.inspectImport'>, 'rows' | 'counts' | 'seconds'>;

/** Whether an import does something with such a row: it is added, or the employer is asked about it. */
export const isTaken = (state: Preview['rows'][number]['state']): boolean =>
  state === 'new' || state === 'asked';

export const countCutNotes = ({ rows }: Preview): number =>
  rows.filter(({ state, cutNote }) => isTaken(state) && cutNote !== null).length;

/** What an import would bring, and what of the file it would not. */
export function describePreview(preview: Preview): string {
  const { counts, seconds } = preview;
  const cutNotes = countCutNotes(preview);
  const parts = [
    `${counts.new} new (${formatDuration(seconds * 1000)})`,
    ...(counts.asked === 0
      ? []
      : [`${counts.asked} on approved days, about which the employer is asked`]),
    ...(counts.duplicate === 0 ? [] : [`${counts.duplicate} already here`]),
    ...(counts.unmapped === 0 ? [] : [`${counts.unmapped} without a task`]),
    ...(counts.bad === 0 ? [] : [`${counts.bad} that cannot be read`]),
    ...(cutNotes === 0
      ? []
      : [`${formatPlural(cutNotes, 'note', 'notes')} of which the end is left out`]),
  ];
  return `${parts.join(', ')}.`;
}

/** What came of an import: what was added, what waits for the employer, and what was not taken over. */
export function describeImport({
  added,
  asked,
  duplicates,
  skipped,
  refused,
  seconds,
}: RequestOutput<'hours.import'>): ToastMessage {
  const rest = [
    ...(asked === 0
      ? []
      : [`${formatPlural(asked, 'waits', 'wait')} for the employer’s agreement`]),
    ...(duplicates === 0 ? [] : [`${formatPlural(duplicates, 'was', 'were')} here before`]),
    ...(skipped === 0 ? [] : [`${formatPlural(skipped, 'was', 'were')} left out`]),
    ...(refused.length === 0 ? [] : [`${formatPlural(refused.length, 'was', 'were')} refused`]),
  ];
  return {
    tone: refused.length === 0 ? 'positive' : 'neutral',
    title:
      added === 0
        ? 'No entry was imported'
        : `${formatPlural(added, 'entry', 'entries')} imported, ${formatDuration(seconds * 1000)}`,
    ...(rest.length === 0 ? {} : { description: `${rest.join('; ')}.` }),
  };
}
