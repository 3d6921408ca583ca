import type { Transaction } from 'kysely';
import type { PushResult, WireMutation } from '../../../shared/protocol/push.ts';
import { listNamedFiles } from '../bundles/attention-export.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import { loadSentWorkBatch } from './push-batch.ts';

const batchLimit = 200;

/**
 * SY-15 with SY-10: who has lost access hears from no pull that the server was restored. So the newest work that
 * it had taken from this device is sent again now and then: a server that still has it repeats its answer, and has
 * all that came before. One that has lost it takes it into quarantine; then what came before is asked about, too,
 * until something is known.
 *
 * @param send sends one batch and answers its results.
 */
export async function askAboutSentWork(
  seat: Seat,
  send: (batch: readonly WireMutation[]) => Promise<readonly PushResult[]>,
  answeredAt: string,
): Promise<void> {
  for (let beforeSeq = Number.MAX_SAFE_INTEGER, limit = 1; ; limit = batchLimit) {
    const batch = await loadSentWorkBatch(seat, beforeSeq, limit);
    const oldest = batch.at(-1);
    if (oldest === undefined) return;
    const results = await send(batch);
    const lost = results.filter(({ repeated }) => !repeated);
    if (lost.length > 0) await saveLost(seat, batch, lost, answeredAt);
    if (lost.length < batch.length) return;
    beforeSeq = oldest.acknowledged?.seq ?? 0;
  }
}

async function saveLost(
  seat: Seat,
  batch: readonly WireMutation[],
  lost: readonly PushResult[],
  answeredAt: string,
): Promise<void> {
  await seat.db.transaction().execute(async (tx) => {
    for (const { id, status, seq, code, message, field } of lost) {
      await tx
        .updateTable('outboxStates')
        .set({ state: status === 'rejected' ? 'kept' : status, seq, code, message, field })
        .set({ answeredAt })
        .where('mutationId', '=', id)
        .where('state', '=', 'settled')
        .execute();
      const mutation = batch.find((sent) => sent.id === id);
      if (status === 'quarantined' && mutation !== undefined)
        await queueUploads(tx, mutation, answeredAt);
    }
  });
  seat.announceChange(['outbox']);
}

/** The server may have lost the contents as well; it says which of them it lacks. */
async function queueUploads(
  tx: Transaction<SeatDatabase>,
  mutation: WireMutation,
  queuedAt: string,
): Promise<void> {
  for (const { sha256, sizeBytes, name } of listNamedFiles(mutation.args))
    await tx
      .insertInto('uploads')
      .values({
        sha256,
        sizeBytes,
        name,
        uploadUrl: null,
        sentBytes: 0,
        attempts: 0,
        problem: null,
        queuedAt,
        finishedAt: null,
      })
      .onConflict((conflict) =>
        conflict
          .column('sha256')
          .doUpdateSet({ uploadUrl: null, sentBytes: 0, problem: null, finishedAt: null }),
      )
      .execute();
}
