import type { DeadlineNote } from '../../../shared/domain/deadline-notes.ts';
import { formatDay, formatZoneCity } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';

/** What is easily misread about a deadline, in a sentence. */
export function describeDeadlineNote(note: DeadlineNote): string {
  const city = formatZoneCity(note.zone);
  switch (note.kind) {
    case 'skipped':
      return `Clocks in ${city} go forward then, and this time does not come: it is due as long after the gap.`;
    case 'repeated':
      return `Clocks in ${city} go back then, and this time comes twice: the second one counts.`;
    case 'clock_change': {
      const by = formatDuration(Math.abs(note.minutes) * 60_000);
      const day = formatDay(note.at, note.zone);
      return `Clocks in ${city} go ${note.minutes > 0 ? 'forward' : 'back'} ${by} before that, on ${day}.`;
    }
    case 'weekend':
      return `That is a ${note.weekday === 6 ? 'Saturday' : 'Sunday'} in ${city}.`;
    default:
      return note satisfies never;
  }
}
