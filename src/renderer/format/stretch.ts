import { formatDateTime, formatEnd } from './date-time.ts';
import { formatDuration } from './duration.ts';

/** "Mon 9 Mar, 09:00 to 10:00, 1h" */
export function describeStretch({
  startedAt,
  endedAt,
}: {
  readonly startedAt: string;
  readonly endedAt: string;
}): string {
  const length = formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
  return `${formatDateTime(startedAt)} to ${formatEnd(startedAt, endedAt)}, ${length}`;
}
