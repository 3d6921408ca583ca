import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import { uuid } from '../../support/sync/test-installation.ts';

/**
 * The changes of an intern at work, in turns of ten: time recorded (five), an entry put right (two), a draft
 * written on (three). The same for each number, but for the ids.
 */
export async function makeChange(seat: Seat, taskId: string, number: number): Promise<void> {
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
    const entry = await seat.db
      .selectFrom('timeEntries')
      .select(['id', 'note'])
      .where('membershipId', '=', seat.record.membershipId)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    await seat.mutate(
      'time.edit',
      { timeEntryId: entry.id, patch: { note }, seen: { note: entry.note } },
      { subject: 'Time' },
    );
    return;
  }
  await seat.mutate(
    'time.add',
    {
      timeEntryId: uuid(),
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
