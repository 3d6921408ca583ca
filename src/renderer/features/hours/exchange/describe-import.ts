import type { RequestOutput } from '../../../../shared/contract/contract.ts';
import { formatDuration } from '../../../format/duration.ts';
import { formatPlural } from '../../../format/numbers.ts';
import type { ToastMessage } from '../../../ui/toast.tsx';

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
