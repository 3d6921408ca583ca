import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import { uuid } from './test-installation.ts';

/** Half an hour on a day in May, entered by hand. */
export async function addTime(
  intern: Seat,
  taskId: string,
  hour: number,
  note = '',
): Promise<string> {
  const timeEntryId = uuid();
  const twoDigits = String(hour).padStart(2, '0');
  await intern.mutate(
    'time.add',
    {
      timeEntryId,
      taskId,
      startedAt: `2026-05-04T${twoDigits}:00:00.000Z`,
      endedAt: `2026-05-04T${twoDigits}:30:00.000Z`,
      zone: 'Europe/Lisbon',
      source: 'manual',
      note,
    },
    { subject: 'time' },
  );
  return timeEntryId;
}

/** What became of each change so far, in the order in which they were made. */
export const listStates = (seat: Seat) =>
  seat.db.selectFrom('outboxStates').selectAll().orderBy('deviceSeq').execute();
