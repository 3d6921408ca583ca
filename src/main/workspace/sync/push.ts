import type { Transaction } from 'kysely';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import {
  type PushRequest,
  type PushResult,
  pushResponseSchema,
  type WireMutation,
} from '../../../shared/protocol/push.ts';
import { maximumPushBytes, maximumPushMutations } from '../../../shared/protocol/version.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import { applyBeneathForecasts } from './forecasts.ts';
import type { PushPace } from './push-pace.ts';
import type { ServerClient } from './server-client.ts';

/** Leaves room for the envelope around the mutations. */
const batchBytes = maximumPushBytes - 16 * 1024;

/**
 * Sends what is pending, in the order in which it was done, batch after batch, one in flight (SY-6). An
 * answer that got lost is no harm: the same rows are sent again, and the server repeats its answer.
 *
 * A batch at which the server stumbles is halved until the culprit is alone; that one, and what builds on it,
 * is passed over, and the rest goes on (SY-7).
 *
 * @param now the present instant, noted with each answer.
 * @returns how many mutations were answered.
 * @throws StintError when nothing can be sent, or, after everything else was, for what was passed over.
 */
export async function pushPending(
  seat: Seat,
  client: ServerClient,
  now: () => string,
  pace: PushPace,
): Promise<number> {
  let answered = 0;
  pace.beginRound();
  for (;;) {
    const batch = await loadBatch(seat, pace);
    if (batch.length === 0) break;
    const results = await sendBatch(seat, client, batch, pace);
    if (results === undefined) continue;
    await applyResults(seat, results, now());
    answered += results.length;
    // A server that answers for nothing that was sent would keep this loop going for ever.
    const known = new Set(batch.map((mutation) => mutation.id));
    if (!results.some((result) => known.has(result.id))) return answered;
  }
  const setAside = pace.endRound();
  if (setAside.length > 0) await applyResults(seat, setAside, now());
  if (pace.failure !== undefined) throw pace.failure;
  return answered;
}

/** @returns the server's answers, or undefined when the batch has to be tried otherwise. */
async function sendBatch(
  seat: Seat,
  client: ServerClient,
  batch: readonly WireMutation[],
  pace: PushPace,
): Promise<readonly PushResult[] | undefined> {
  const request: PushRequest = { mutations: [...batch], head: null };
  try {
    const { results } = await client.post(
      endpoints.push(seat.record.orgId),
      request,
      pushResponseSchema,
    );
    pace.succeed();
    return results;
  } catch (error) {
    pace.fail(
      batch.map((mutation) => mutation.id),
      error,
    );
    return undefined;
  }
}

async function loadBatch(seat: Seat, pace: PushPace): Promise<WireMutation[]> {
  let query = seat.db
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .selectAll('outbox')
    .where('outboxStates.state', '=', 'pending')
    .orderBy('outbox.deviceSeq')
    .limit(Math.min(pace.limit, maximumPushMutations));
  const passedOver = await listPassedOver(seat, pace.suspects);
  if (passedOver.length > 0) query = query.where('outbox.id', 'not in', passedOver);
  const batch: WireMutation[] = [];
  let sizeBytes = 0;
  for (const { argsJson, anchorJson: _anchor, rowHash: _, ...row } of await query.execute()) {
    const mutation = {
      ...row,
      args: JSON.parse(argsJson) as unknown,
      anchor: null,
      acknowledged: null,
    };
    sizeBytes += Buffer.byteLength(JSON.stringify(mutation)) + 1;
    if (batch.length > 0 && sizeBytes > batchBytes) break;
    batch.push(mutation);
  }
  return batch;
}

/** The suspects, and whatever touches a row that one of those would have created, through any number of steps. */
async function listPassedOver(seat: Seat, suspects: ReadonlySet<string>): Promise<string[]> {
  const passedOver = new Set(suspects);
  for (let before = -1; before !== passedOver.size;) {
    before = passedOver.size;
    if (before === 0) return [];
    const found = await seat.db
      .selectFrom('outboxTouches as created')
      .innerJoin('outboxTouches as used', (join) =>
        join
          .onRef('used.tableName', '=', 'created.tableName')
          .onRef('used.rowId', '=', 'created.rowId'),
      )
      .innerJoin('outboxStates', 'outboxStates.mutationId', 'used.mutationId')
      .select('used.mutationId')
      .distinct()
      .where('created.creates', '=', 1)
      .where('created.mutationId', 'in', [...passedOver])
      .where('outboxStates.state', '=', 'pending')
      .execute();
    for (const { mutationId } of found) passedOver.add(mutationId);
  }
  return [...passedOver];
}

async function applyResults(
  seat: Seat,
  results: readonly PushResult[],
  answeredAt: string,
): Promise<void> {
  await seat.db.transaction().execute(async (tx) => {
    const save = async () => {
      for (const result of results) await saveAnswer(tx, result, answeredAt);
      await holdDependents(tx);
    };
    // Only a refusal changes what is shown; an applied mutation's forecast stays until it comes back (SY-12).
    if (results.some((result) => result.status !== 'applied'))
      await applyBeneathForecasts(seat, tx, save);
    else await save();
  });
  seat.announceChange(
    results.some((result) => result.status !== 'applied')
      ? ['outbox', 'tasks', 'submissions', 'timeEntries', 'projects', 'drafts', 'reviews']
      : ['outbox'],
  );
}

async function saveAnswer(
  tx: Transaction<SeatDatabase>,
  result: PushResult,
  answeredAt: string,
): Promise<void> {
  await tx
    .updateTable('outboxStates')
    .set({
      state: result.status,
      seq: result.seq,
      code: result.code,
      message: result.message,
      field: result.field,
      answeredAt,
    })
    .where('mutationId', '=', result.id)
    // An answer that comes twice (the first got lost on the way) must not undo what came after it.
    .where('state', '=', 'pending')
    .execute();
}

/**
 * SY-7: what reads or writes a row that a refused mutation would have created waits with it; everything
 * else flows. A dependent that the server refused in the same batch, for want of that row, waits too.
 */
async function holdDependents(tx: Transaction<SeatDatabase>): Promise<void> {
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
    if (dependents.length === 0) return;
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
