import { formatDuration } from '../../format/duration.ts';
import { formatPlural } from '../../format/numbers.ts';

/** "2 days and 3 h", as it was asked for or given: days are wall time and not 24 hours each. */
export function describeExtraTime({
  days,
  minutes,
}: {
  readonly days: number;
  readonly minutes: number;
}): string {
  const parts = [
    ...(days === 0 ? [] : [formatPlural(days, 'day', 'days')]),
    ...(minutes === 0 ? [] : [formatDuration(minutes * 60_000)]),
  ];
  return parts.join(' and ');
}
