import { sql, type Transaction } from 'kysely';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { Head, PushResult } from '../../../shared/protocol/push.ts';
import type { TimeAnchor } from '../../../shared/domain/time-anchor.ts';
import type { OutboxState, SeatDatabase } from '../database/seat-tables.ts';
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

export const waitsForOthers = 'waits for what others had sent before the server was restored';
const waitsForServerUpdate =
  'the server does not know this kind of change yet; it is sent again once the server has been updated';

interface SavedAnswer extends Pick<PushResult, 'id' | 'seq' | 'code' | 'message' | 'field'> {
  readonly state: OutboxState;
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
    const computed = await computeSaved(tx, results);
    await saveAnswers(tx, computed, answeredAt);
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
): Promise<SavedAnswer[]> {
  const { accessLostAt } = await tx
    .selectFrom('seatState')
    .select('accessLostAt')
    .executeTakeFirstOrThrow();
  const acknowledged = await listAcknowledged(
    tx,
    results.filter(({ status }) => status === 'rejected').map(({ id }) => id),
  );
  return results.map(({ id, status, seq, code, message, field }): SavedAnswer => {
    const answer = { id, seq, code, message, field };
    // Without access no pull will ever bring its effect back.
    if (status === 'applied')
      return { ...answer, state: accessLostAt === null ? 'applied' : 'settled' };
    if (status === 'quarantined') return { ...answer, state: 'quarantined' };
    if (code === 'protocol_unsupported')
      return { ...answer, state: 'pending', message: waitsForServerUpdate };
    if (code === 'forbidden' && accessLostAt !== null) return { ...answer, state: 'kept' };
    if (code !== null && mayBeForWant.has(code) && acknowledged.has(id))
      return { ...answer, state: 'pending', message: waitsForOthers };
    return { ...answer, state: 'rejected' };
  });
}

async function listAcknowledged(
  tx: Transaction<SeatDatabase>,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom('outboxStates')
    .select('mutationId')
    .where('mutationId', 'in', ids)
    .where('acknowledgedSeq', '>', 0)
    .execute();
  return new Set(rows.map(({ mutationId }) => mutationId));
}

/** All in one statement: ten thousand answers one by one would take a second. */
async function saveAnswers(
  tx: Transaction<SeatDatabase>,
  answers: readonly SavedAnswer[],
  answeredAt: string,
): Promise<void> {
  await sql`
    update "outboxStates" set
      "state" = "answer"."value" ->> 'state', "seq" = "answer"."value" ->> 'seq',
      "code" = "answer"."value" ->> 'code', "message" = "answer"."value" ->> 'message',
      "field" = "answer"."value" ->> 'field', "answeredAt" = ${answeredAt}
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
