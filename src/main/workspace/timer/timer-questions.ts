import { type Insertable, type Kysely, sql, type Transaction } from 'kysely';
import type { TimerQuestion } from '../../../shared/contract/shapes.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeNextTimerId } from '../../../shared/mutations/same-timer.ts';
import { computeEpochMs, computeIsoInstant, type Sha256Hex } from '../../../shared/ports.ts';
import type { SeatDatabase, TimerQuestionRow, TimerRow } from '../database/seat-tables.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { Seat } from '../seats/seat.ts';
import { computeWorkedParts, type WorkedPart } from './gap-stretches.ts';
import { computeGapQuestionId, findUnrecordedParts } from './recorded-elsewhere.ts';
import { type ClockReading, computeElapsedMs, computeSeenRow } from './timer-reading.ts';
import { computeStretch, findTaskTitle, recordStretches } from './timer-recording.ts';

/**
 * What the timer could not decide by itself and the person has not answered yet: gaps whose timer has been stopped
 * meanwhile, and stretches in which nobody was at the computer. They lie in this seat's database and nowhere else: no
 * mutation, no message carries them.
 */

type Writer = Kysely<SeatDatabase> | Transaction<SeatDatabase>;

/** The gap of a timer that ends before the person has answered. @returns undefined where there is none, or it has no length */
export function computeGapQuestion(
  row: TimerRow,
  localZone: string,
  sha256Hex: Sha256Hex,
): TimerQuestionRow | undefined {
  const { gapLastSeenAt, gapResumedAt } = row;
  if (gapLastSeenAt === null || gapResumedAt === null || gapResumedAt <= gapLastSeenAt)
    return undefined;
  return {
    questionId: computeGapQuestionId(row.timeEntryId, gapResumedAt, sha256Hex),
    kind: row.gapKind ?? 'not_running',
    taskId: row.taskId,
    timeEntryId: row.timeEntryId,
    note: row.note,
    zone: row.zone ?? localZone,
    startedAt: gapLastSeenAt,
    endedAt: gapResumedAt,
    fromMs: null,
    untilMs: null,
  };
}

export async function keepQuestion(
  db: Writer,
  question: Insertable<SeatDatabase['timerQuestions']> | undefined,
): Promise<void> {
  if (question === undefined) return;
  await db
    .insertInto('timerQuestions')
    .values(question)
    .onConflict((conflict) => conflict.column('questionId').doUpdateSet(question))
    .execute();
}

export async function dropQuestion(db: Writer, questionId: string): Promise<void> {
  await db.deleteFrom('timerQuestions').where('questionId', '=', questionId).execute();
}

/** A timer that is discarded takes along what was asked about it; a gap before it stays to be answered. */
export async function dropQuestionsOf(db: Writer, timeEntryId: string): Promise<void> {
  await db
    .deleteFrom('timerQuestions')
    .where('timeEntryId', '=', timeEntryId)
    .where('untilMs', 'is not', null)
    .execute();
}

/**
 * A timer that goes on behind what another copy has recorded of it takes along what is asked about the rest; what is
 * asked about what was recorded is about that entry now.
 */
export async function moveIdleQuestions(
  tx: Transaction<SeatDatabase>,
  row: TimerRow,
  next: TimerRow,
): Promise<void> {
  const movedMs = computeEpochMs(next.startedAt) - computeEpochMs(row.startedAt);
  await tx
    .updateTable('timerQuestions')
    .set({ fromMs: null, untilMs: null })
    .where('timeEntryId', '=', row.timeEntryId)
    .where('untilMs', '<=', movedMs)
    .execute();
  await tx
    .updateTable('timerQuestions')
    .set(({ eb }) => ({
      timeEntryId: next.timeEntryId,
      fromMs: sql<number>`max(0, "fromMs" - ${movedMs})`,
      untilMs: eb('untilMs', '-', movedMs),
    }))
    .where('timeEntryId', '=', row.timeEntryId)
    .where('untilMs', '>', movedMs)
    .execute();
}

export async function getQuestion(seat: Seat, questionId: string): Promise<TimerQuestionRow> {
  const row = await seat.db
    .selectFrom('timerQuestions')
    .selectAll()
    .where('questionId', '=', questionId)
    .executeTakeFirst();
  if (row === undefined)
    throw new StintError('not_found', 'this was answered already', { field: 'questionId' });
  return row;
}

export const isAboutIdleTime = ({ kind }: Pick<TimerQuestionRow, 'kind'>): boolean =>
  kind === 'idle' || kind === 'page_hidden';

/** Oldest first; what has no length is not worth a question. */
export async function listQuestions(seats: readonly Seat[]): Promise<TimerQuestion[]> {
  const found: TimerQuestion[] = [];
  for (const seat of seats)
    for (const row of await seat.db
      .selectFrom('timerQuestions')
      .selectAll()
      .orderBy('startedAt')
      .execute())
      found.push({
        seatId: seat.record.seatId,
        questionId: row.questionId,
        kind: row.kind,
        taskId: row.taskId,
        taskTitle: await findTaskTitle(seat, row.taskId),
        startedAt: row.startedAt,
        endedAt: row.endedAt,
      });
  return found.sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
}

/**
 * Records what of a standing gap the person worked through; the question goes in the same transaction. What was recorded
 * of it already, where it was answered before this workspace was restored or in a copy of it, is not recorded again.
 */
export async function answerGap(
  { ports }: { readonly ports: WorkspacePorts },
  seat: Seat,
  question: TimerQuestionRow,
  parts: readonly WorkedPart[],
): Promise<void> {
  const { taskId, zone, note } = question;
  const worked = computeWorkedParts(parts, question);
  const left = await findUnrecordedParts(seat, question, worked, ports.sha256Hex);
  await recordStretches(
    seat,
    left.map((part) => ({ ...part, taskId, zone, note })),
    ports.sha256Hex,
    (tx) => dropQuestion(tx, question.questionId),
  );
}

/**
 * Takes a stretch without anybody at the computer out of an entry that was recorded. Where the entry was changed since
 * and holds nothing of it any more, only the question goes.
 */
export async function removeIdleFromEntry(
  { ports }: { readonly ports: WorkspacePorts },
  seat: Seat,
  question: TimerQuestionRow,
): Promise<void> {
  const within = (tx: Transaction<SeatDatabase>) => dropQuestion(tx, question.questionId);
  const entry = await seat.db
    .selectFrom('timeEntries')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', question.timeEntryId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  const from = later(question.startedAt, entry?.startedAt ?? '');
  const until = earlier(question.endedAt, entry?.endedAt ?? '');
  if (entry === undefined || until <= from) {
    await seat.db.transaction().execute(within);
    return;
  }
  const { id: timeEntryId, startedAt, endedAt, note, taskId, zone, source } = entry;
  const seen = { startedAt, endedAt, note, taskId };
  const subject = await findTaskTitle(seat, taskId);
  if (from === startedAt && until === endedAt) {
    await seat.mutate('time.delete', { timeEntryId, deleted: true, seen }, { subject, within });
    return;
  }
  const patch = from === startedAt ? { startedAt: until } : { endedAt: from };
  const rest = {
    timeEntryId: ports.randomness.uuid(),
    taskId,
    startedAt: until,
    endedAt,
    zone,
    source,
    note,
    originId: timeEntryId,
  };
  const isInTheMiddle = from !== startedAt && until !== endedAt;
  await seat.mutate(
    'time.rearrange',
    {
      kind: 'split',
      changes: [{ timeEntryId, patch, seen }],
      additions: isInTheMiddle ? [rest] : [],
    },
    { subject, within },
  );
}

const later = (left: string, right: string): string => (left > right ? left : right);
const earlier = (left: string, right: string): string => (left < right ? left : right);

/** An idle stretch of a running timer, by the timer's own count: its place in the entry that a stop would record. */
export function computeIdleQuestion(
  row: TimerRow,
  idle: {
    readonly questionId: string;
    readonly kind: 'idle' | 'page_hidden';
    readonly fromMs: number;
    readonly untilMs: number;
  },
  localZone: string,
): TimerQuestionRow {
  const startMs = computeEpochMs(row.startedAt);
  return {
    ...idle,
    taskId: row.taskId,
    timeEntryId: row.timeEntryId,
    note: row.note,
    zone: row.zone ?? localZone,
    startedAt: computeIsoInstant(startMs + idle.fromMs),
    endedAt: computeIsoInstant(startMs + idle.untilMs),
  };
}

/**
 * Takes a stretch without anybody at the computer out of the timer that runs: what ran before it is recorded, and the
 * timer goes on from after it, in the same transaction.
 */
export async function removeIdleFromTimer(
  { ports }: { readonly ports: WorkspacePorts },
  { seat, row }: { readonly seat: Seat; readonly row: TimerRow },
  { questionId }: TimerQuestionRow,
  {
    fromMs,
    untilMs,
    reading,
    localZone,
  }: {
    readonly fromMs: number;
    readonly untilMs: number;
    readonly reading: ClockReading;
    readonly localZone: string;
  },
): Promise<void> {
  const { timeEntryId } = row;
  const elapsedMs = computeElapsedMs(row, reading);
  const endMs = Math.min(untilMs, elapsedMs);
  const startedAt = computeIsoInstant(computeEpochMs(row.startedAt) + endMs);
  const before = fromMs < 1000 ? [] : [computeStretch(row, fromMs, localZone)];
  const next: TimerRow = {
    ...computeSeenRow(row, reading),
    // Under which nothing is recorded, an id goes on: other copies know it.
    timeEntryId:
      before.length === 0
        ? timeEntryId
        : computeNextTimerId(timeEntryId, startedAt, ports.sha256Hex),
    startedAt,
    zone: localZone,
    carriedSeconds: (elapsedMs - endMs) / 1000,
    startedMonotonicMs: reading.monotonicMs,
  };
  await recordStretches(seat, before, ports.sha256Hex, async (tx) => {
    await tx.deleteFrom('timers').where('timeEntryId', '=', timeEntryId).execute();
    await tx.insertInto('timers').values(next).execute();
    await dropQuestion(tx, questionId);
    // What else was asked about the time after it is now about the entry that goes on.
    await tx
      .updateTable('timerQuestions')
      .set(({ eb }) => ({
        timeEntryId: next.timeEntryId,
        fromMs: eb('fromMs', '-', endMs),
        untilMs: eb('untilMs', '-', endMs),
      }))
      .where('timeEntryId', '=', timeEntryId)
      .where('fromMs', '>=', endMs)
      .execute();
  });
}
