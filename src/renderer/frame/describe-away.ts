import type { TimerQuestion } from '../../shared/contract/shapes.ts';
import { formatDuration } from '../format/duration.ts';
import { formatDay, formatTime } from '../format/date-time.ts';

const from = (instant: string) => `${formatDay(instant)} ${formatTime(instant)}`;

/** The facts of a stretch in which nobody can say what was done but the person: what was seen, and from when to when. */
export function describeAway({
  kind,
  startedAt,
  endedAt,
}: Pick<TimerQuestion, 'kind' | 'startedAt' | 'endedAt'>): string {
  const length = formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
  switch (kind) {
    case 'not_running':
      return `Stint was last seen running ${from(startedAt)} and came back ${from(endedAt)}: ${length} in between.`;
    case 'asleep':
      return `The computer was asleep from ${from(startedAt)} to ${from(endedAt)}: ${length}.`;
    case 'idle':
      return `Nobody touched this computer from ${from(startedAt)} to ${from(endedAt)}: ${length}. Only this computer knows.`;
    case 'page_hidden':
      return `Stint was out of sight from ${from(startedAt)} to ${from(endedAt)}: ${length}. Only this computer knows.`;
  }
}
