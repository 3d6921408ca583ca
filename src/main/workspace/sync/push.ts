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
import type { ServerClient } from './server-client.ts';

/** Leaves room for the envelope around the mutations. */
const batchBytes = maximumPushBytes - 16 * 1024;

/**
 * Sends what is pending, in the order in which it was done, batch after batch, one in flight (SY-6). An
 * answer that got lost is no harm: the same rows are sent again, and the server repeats its answer.
 *
 * @param now the present instant, noted with each answer.
 * @returns how many mutations were answered.
 */
export async function pushPending(
  seat: Seat,
  client: ServerClient,
  now: () => string,
): Promise<number> {
  let answered = 0;
  for (;;) {
    const batch = await loadBatch(seat);
    if (batch.length === 0) return answered;
    const request: PushRequest = { mutations: batch };
    const response = await client.post(
      endpoints.push(seat.record.orgId),
      request,
      pushResponseSchema,
    );
    await applyResults(seat, response.results, now());
    answered += response.results.length;
    // A server that answers for nothing that was sent would keep this loop going for ever.
    const known = new Set(batch.map((mutation) => mutation.id));
    if (!response.results.some((result) => known.has(result.id))) return answered;
  }
}

async function loadBatch(seat: Seat): Promise<WireMutation[]> {
  const rows = await seat.db
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .selectAll('outbox')
    .where('outboxStates.state', '=', 'pending')
    .orderBy('outbox.deviceSeq')
    .limit(maximumPushMutations)
    .execute();
  const batch: WireMutation[] = [];
  let sizeBytes = 0;
  for (const { argsJson, rowHash: _, ...row } of rows) {
    const mutation = { ...row, args: JSON.parse(argsJson) as unknown };
    sizeBytes += Buffer.byteLength(JSON.stringify(mutation)) + 1;
    if (batch.length > 0 && sizeBytes > batchBytes) break;
    batch.push(mutation);
  }
  return batch;
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
