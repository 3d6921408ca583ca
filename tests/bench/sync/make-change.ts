import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import { uuid } from '../../support/sync/test-installation.ts';

/**
 * The changes of an intern at work, in turns of ten: time recorded (five), an entry put right (two), a draft
 * written on (three). The same for each number, but for the ids.
 *
 * @param last the entry that was recorded last; kept here, so that nobody has to look for it.
 */
export async function makeChange(
  seat: Seat,
  taskId: string,
  number: number,
  last: { id: string; note: string },
): Promise<void> {
  const turn = number % 10;
  if (turn === 3 || turn === 6 || turn === 9) {
    await seat.mutate(
      'draft.writeNote',
      { taskId, note: `What was found so far, in ${number} lines, each with its source.` },
      { subject: 'Draft' },
    );
    return;
  }
  const startedMs = Date.UTC(2026, 0, 5) + number * 60_000;
  const note = `Looked at shop ${number}.`;
  if (turn === 4 || turn === 8) {
    await seat.mutate(
      'time.edit',
      { timeEntryId: last.id, patch: { note }, seen: { note: last.note } },
      { subject: 'Time' },
    );
    last.note = note;
    return;
  }
  last.id = uuid();
  last.note = note;
  await seat.mutate(
    'time.add',
    {
      timeEntryId: last.id,
      taskId,
      startedAt: new Date(startedMs).toISOString(),
      endedAt: new Date(startedMs + 45_000).toISOString(),
      zone: 'Europe/Berlin',
      source: 'manual',
      note,
    },
    { subject: 'Time' },
  );
}
