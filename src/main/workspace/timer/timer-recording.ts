import type { Transaction } from 'kysely';
import { type ErrorCode, StintError } from '../../../shared/errors.ts';
import type { RearrangeTime } from '../../../shared/mutations/time-changes.ts';
import { computeEpochMs, computeIsoInstant, type Sha256Hex } from '../../../shared/ports.ts';
import type { SeatDatabase, TimerRow } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import { findUnrecorded } from './recorded-elsewhere.ts';

/** A stretch that becomes an entry from the timer. */
export interface TimerStretch {
  readonly timeEntryId: string;
  readonly taskId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly zone: string;
  readonly note: string;
}

/** What a timer has run so far as the stretch that a stop would record; `localZone` serves timers from before. */
export function computeStretch(row: TimerRow, elapsedMs: number, localZone: string): TimerStretch {
  return {
    timeEntryId: row.timeEntryId,
    taskId: row.taskId,
    startedAt: row.startedAt,
    endedAt: computeIsoInstant(computeEpochMs(row.startedAt) + elapsedMs),
    // Where the clock stood when the work began; the person may have travelled since.
    zone: row.zone ?? localZone,
    note: row.note,
  };
}

/**
 * Records of stretches of a timer as entries what no copy has recorded (SY-16), all of it or nothing, together with what
 * `within` changes of the timer's own rows (SY-1). Where the rules refuse them (the task has left the intern's sight
 * meanwhile), the time is kept among what needs attention instead: what ran was worked, and the timer ends.
 *
 * @returns the id of the first entry; undefined where nothing was left to record
 */
export async function recordStretches(
  seat: Seat,
  stretches: readonly TimerStretch[],
  sha256Hex: Sha256Hex,
  within: (tx: Transaction<SeatDatabase>) => Promise<void>,
): Promise<string | undefined> {
  const unrecorded = await findUnrecorded(seat, stretches, sha256Hex);
  // The rules refuse them then, and what the person wrote is kept.
  const left = unrecorded.losesNote ? stretches : unrecorded.stretches;
  const [first, ...others] = left;
  if (first === undefined) {
    await seat.db.transaction().execute(within);
    return undefined;
  }
  await record(seat, first, others, within);
  return first.timeEntryId;
}

async function record(
  seat: Seat,
  first: TimerStretch,
  others: readonly TimerStretch[],
  within: (tx: Transaction<SeatDatabase>) => Promise<void>,
): Promise<void> {
  const options = { subject: await findTaskTitle(seat, first.taskId), within };
  if (others.length === 0) {
    const entry = { ...first, source: 'timer' as const };
    await orElseKeep(
      () => seat.mutate('time.add', entry, options),
      (refusal) => seat.keep('time.add', entry, { ...options, ...refusal }),
    );
    return;
  }
  const several: RearrangeTime = {
    kind: 'gap',
    changes: [],
    additions: [first, ...others].map((stretch) => ({
      ...stretch,
      source: 'timer',
      originId: null,
    })),
  };
  await orElseKeep(
    () => seat.mutate('time.rearrange', several, options),
    (refusal) => seat.keep('time.rearrange', several, { ...options, ...refusal }),
  );
}

const refusals: ReadonlySet<ErrorCode> = new Set([
  'not_found',
  'forbidden',
  'conflict',
  'refused',
  'invalid_input',
]);

async function orElseKeep(
  mutate: () => Promise<unknown>,
  keep: (refusal: { readonly code: ErrorCode; readonly reason: string }) => Promise<unknown>,
): Promise<void> {
  try {
    await mutate();
  } catch (error) {
    if (!(error instanceof StintError) || !refusals.has(error.code)) throw error;
    const reason =
      error.code === 'not_found'
        ? 'you no longer see the task that this time was for; the time is kept here'
        : error.message;
    await keep({ code: error.code, reason });
  }
}

export async function findTaskTitle(seat: Seat, taskId: string): Promise<string> {
  const task = await seat.db
    .selectFrom('tasks')
    .select('title')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  return task?.title ?? '';
}

/** The same answer for a task that does not exist as for one of another intern's. */
export async function assertOwnTask(seat: Seat, taskId: string): Promise<void> {
  if (seat.record.role !== 'intern')
    throw new StintError('forbidden', `the role ${seat.record.role} may not do this: record time`);
  const task = await seat.db
    .selectFrom('tasks')
    .innerJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'tasks.orgId')
        .onRef('engagements.id', '=', 'tasks.engagementId'),
    )
    .select('tasks.id')
    .where('tasks.orgId', '=', seat.record.orgId)
    .where('tasks.id', '=', taskId)
    .where('engagements.membershipId', '=', seat.record.membershipId)
    .executeTakeFirst();
  if (task === undefined)
    throw new StintError('not_found', `there is no task ${taskId} of yours in this organization`, {
      field: 'taskId',
    });
}
