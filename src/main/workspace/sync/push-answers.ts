import { sql, type Transaction } from 'kysely';
import type { ErrorCode } from '../../../shared/errors.ts';
import { decideTimesheet } from '../../../shared/mutations/timesheet-mutations.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { Head, PushResult } from '../../../shared/protocol/push.ts';
import type { TimeAnchor } from '../../../shared/domain/time-anchor.ts';
import type { OutboxState, SeatDatabase } from '../database/seat-tables.ts';
import { dropUploadsOf } from '../files/needless-uploads.ts';
import type { Seat } from '../seats/seat.ts';
import { applyBeneathAffected } from './forecasts.ts';
import { holdAnchor } from './held-anchor.ts';

/** What a push brought; `head` and `anchor` are null for answers that this device itself gives. */
export interface PushAnswers {
  readonly results: readonly PushResult[];
  readonly head: Head | null;
  readonly anchor: TimeAnchor | null;
  readonly heardMs: number;
}

/**
 * For want of what other devices have yet to send again, a server that was restored refuses what it had taken
 * before with one of these (SY-15).
 */
const mayBeForWant: ReadonlySet<ErrorCode> = new Set([
  'not_found',
  'forbidden',
  'conflict',
  'refused',
]);

/**
 * How long a change waits for that: somebody may be on holiday. Then it is refused like any other, and the person, who
 * may know why nobody brings it back, sees it.
 */
export const longestWaitMs = 14 * 24 * 3_600_000;

/**
 * By this, a change says that what it was decided on is not what is there. What is there came from those who made it, so
 * nothing is wanting: the person has to look at it again.
 */
const saysThatAnotherThingWasSeen = ({ name, code }: { name: string; code: ErrorCode }): boolean =>
  name === decideTimesheet.name && code === 'conflict';

export const waitsForOthers = 'waits for what others had sent before the server was restored';
const waitsForServerUpdate =
  'the server does not know this kind of change yet; it is sent again once the server has been updated';

interface SavedAnswer extends Pick<PushResult, 'id' | 'seq' | 'code' | 'message' | 'field'> {
  readonly state: OutboxState;
  /** Of what goes on waiting for want of something: when it was first answered so. */
  readonly answeredAt: string;
}

/**
 * Saves the answers to a batch in one transaction.
 *
 * @returns the mutations that go on waiting although they were answered.
 */
export async function applyAnswers(
  seat: Seat,
  answers: PushAnswers,
  answeredAt: string,
): Promise<string[]> {
  const { results, head } = answers;
  const saved = await seat.db.transaction().execute(async (tx) => {
    const { accessLostAt } = await tx
      .selectFrom('seatState')
      .select('accessLostAt')
      .executeTakeFirstOrThrow();
    const hasAccess = accessLostAt === null;
    const computed = await computeSaved(tx, results, { answeredAt, hasAccess });
    await saveAnswers(tx, computed);
    if (!hasAccess)
      await dropUploadsOf(
        tx,
        computed
          .filter(({ state }) => state === 'rejected' || state === 'kept')
          .map(({ id }) => id),
      );
    const ended = computed
      .filter(({ state }) => state !== 'applied' && state !== 'pending')
      .map(({ id }) => id);
    if (computed.some(({ state }) => state === 'rejected'))
      ended.push(...(await holdDependents(tx)));
    // Only a refusal changes what is shown; an applied mutation's forecast stays until it comes back (SY-12).
    if (ended.length > 0)
      await applyBeneathAffected(seat, tx, { ended, changed: [], served: [] }, async () => {});
    // Who has lost access is told results, and no head (SY-10).
    if (head !== null && head.seq > 0)
      await tx
        .updateTable('seatState')
        .set({ statedHeadSeq: head.seq, statedHeadHash: head.hash })
        .execute();
    await holdAnchor(tx, answers.anchor, 'push', seat.clock, answers.heardMs);
    return computed;
  });
  seat.announceChange(
    saved.some(({ state }) => state !== 'applied')
      ? ['outbox', 'tasks', 'submissions', 'timeEntries', 'projects', 'drafts', 'reviews']
      : ['outbox'],
  );
  return saved.filter(({ state }) => state === 'pending').map(({ id }) => id);
}

async function computeSaved(
  tx: Transaction<SeatDatabase>,
  results: readonly PushResult[],
  { answeredAt, hasAccess }: { readonly answeredAt: string; readonly hasAccess: boolean },
): Promise<SavedAnswer[]> {
  const acknowledged = await listAcknowledged(
    tx,
    results.filter(({ status }) => status === 'rejected').map(({ id }) => id),
  );
  return results.map(({ id, status, seq, code, message, field }): SavedAnswer => {
    const answer = { id, seq, code, message, field, answeredAt };
    // Without access no pull will ever bring its effect back.
    if (status === 'applied') return { ...answer, state: hasAccess ? 'applied' : 'settled' };
    if (status === 'quarantined') return { ...answer, state: 'quarantined' };
    if (code === 'protocol_unsupported')
      return { ...answer, state: 'pending', message: waitsForServerUpdate };
    if (code === 'forbidden' && !hasAccess) return { ...answer, state: 'kept' };
    const sentBefore = acknowledged.get(id);
    const since = sentBefore?.waitsSince ?? answeredAt;
    if (
      code !== null &&
      mayBeForWant.has(code) &&
      sentBefore !== undefined &&
      !saysThatAnotherThingWasSeen({ name: sentBefore.name, code }) &&
      computeEpochMs(answeredAt) - computeEpochMs(since) < longestWaitMs
    )
      return { ...answer, state: 'pending', message: waitsForOthers, answeredAt: since };
    return { ...answer, state: 'rejected' };
  });
}

interface SentBefore {
  readonly name: string;
  /** Since when it has been waiting for others; null where it has not. */
  readonly waitsSince: string | null;
}

async function listAcknowledged(
  tx: Transaction<SeatDatabase>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SentBefore>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('outboxStates')
    .innerJoin('outbox', 'outbox.id', 'outboxStates.mutationId')
    .select(['mutationId', 'outbox.name', 'message', 'answeredAt'])
    .where('mutationId', 'in', ids)
    .where('acknowledgedSeq', '>', 0)
    .execute();
  return new Map(
    rows.map(({ mutationId, name, message, answeredAt }) => [
      mutationId,
      { name, waitsSince: message === waitsForOthers ? answeredAt : null },
    ]),
  );
}

/** All in one statement: ten thousand answers one by one would take a second. */
async function saveAnswers(
  tx: Transaction<SeatDatabase>,
  answers: readonly SavedAnswer[],
): Promise<void> {
  await sql`
    update "outboxStates" set
      "state" = "answer"."value" ->> 'state', "seq" = "answer"."value" ->> 'seq',
      "code" = "answer"."value" ->> 'code', "message" = "answer"."value" ->> 'message',
      "field" = "answer"."value" ->> 'field', "answeredAt" = "answer"."value" ->> 'answeredAt'
    from json_each(${JSON.stringify(answers)}) as "answer"
    where "outboxStates"."mutationId" = "answer"."value" ->> 'id'
      -- An answer that comes twice (the first got lost on the way) must not undo what came after it.
      -- The plus keeps the index by state out: with it, every pending row would look through all the answers.
      and +"outboxStates"."state" in ('pending', 'quarantined')`.execute(tx);
}

/**
 * SY-7: what reads or writes a row that a refused mutation would have created waits with it; everything
 * else flows. A dependent that the server refused in the same batch, for want of that row, waits too.
 *
 * @returns the mutations that wait now.
 */
async function holdDependents(tx: Transaction<SeatDatabase>): Promise<string[]> {
  const held: string[] = [];
  for (;;) {
    const dependents = await tx
      .selectFrom('outboxTouches as created')
      .innerJoin('outboxStates as refused', 'refused.mutationId', 'created.mutationId')
      .innerJoin('outboxTouches as used', (join) =>
        join
          .onRef('used.tableName', '=', 'created.tableName')
          .onRef('used.rowId', '=', 'created.rowId')
          .on('used.creates', '=', 0),
      )
      .innerJoin('outboxStates as dependent', 'dependent.mutationId', 'used.mutationId')
      .select('dependent.mutationId')
      .distinct()
      .where('created.creates', '=', 1)
      .where('refused.state', 'in', ['rejected', 'held'])
      .whereRef('dependent.deviceSeq', '>', 'refused.deviceSeq')
      .where((where) =>
        where.or([
          where('dependent.state', '=', 'pending'),
          where.and([
            where('dependent.state', '=', 'rejected'),
            where('dependent.code', '=', 'not_found'),
          ]),
        ]),
      )
      .execute();
    if (dependents.length === 0) return held;
    held.push(...dependents.map(({ mutationId }) => mutationId));
    await tx
      .updateTable('outboxStates')
      .set({
        state: 'held',
        code: 'refused',
        message: 'waits for a change that was refused, and that this one builds on',
        field: null,
      })
      .where(
        'mutationId',
        'in',
        dependents.map((dependent) => dependent.mutationId),
      )
      .execute();
  }
}
