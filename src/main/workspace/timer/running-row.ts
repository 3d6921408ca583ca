import type { Kysely, Transaction } from 'kysely';
import { computeNextTimerId } from '../../../shared/mutations/same-timer.ts';
import type { Sha256Hex } from '../../../shared/ports.ts';
import type { SeatDatabase, TimerRow } from '../database/seat-tables.ts';
import type { SeatRegistry } from '../seats/seat-registry.ts';
import type { Seat } from '../seats/seat.ts';
import { findRecordedUntil } from './recorded-elsewhere.ts';
import { moveIdleQuestions } from './timer-questions.ts';
import { type ClockReading, computeRowBehind } from './timer-reading.ts';

export interface RunningRow {
  readonly seat: Seat;
  readonly row: TimerRow;
}

/** The timer that runs on this device, on whichever seat. */
export async function findRunningRow(
  seats: Pick<SeatRegistry, 'list'>,
): Promise<RunningRow | undefined> {
  for (const seat of seats.list()) {
    const row = await seat.db
      .selectFrom('timers')
      .selectAll()
      .orderBy('startedAt')
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) return { seat, row };
  }
  return undefined;
}

export async function saveRow(
  db: Kysely<SeatDatabase> | Transaction<SeatDatabase>,
  row: TimerRow,
  next: TimerRow,
): Promise<void> {
  await db.updateTable('timers').set(next).where('timeEntryId', '=', row.timeEntryId).execute();
}

/**
 * What another copy of this workspace has recorded of the timer is not recorded again: it goes on behind that.
 *
 * @returns the very same where nothing was recorded.
 */
export async function goBehindRecorded(
  running: RunningRow,
  reading: ClockReading,
  sha256Hex: Sha256Hex,
): Promise<RunningRow> {
  const { seat, row } = running;
  const recordedUntil = await findRecordedUntil(seat, row);
  if (recordedUntil === undefined) return running;
  const next = computeRowBehind(row, recordedUntil, reading, (startedAt) =>
    computeNextTimerId(row.timeEntryId, startedAt, sha256Hex),
  );
  if (next.timeEntryId === row.timeEntryId && next.startedAt === row.startedAt) return running;
  await seat.db.transaction().execute(async (tx) => {
    await saveRow(tx, row, next);
    await moveIdleQuestions(tx, row, next);
  });
  // That, too, the other may have stopped since.
  return goBehindRecorded({ seat, row: next }, reading, sha256Hex);
}
