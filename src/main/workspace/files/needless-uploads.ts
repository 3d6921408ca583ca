import type { Transaction } from 'kysely';
import { createSubmission } from '../../../shared/mutations/submission-mutations.ts';
import { listNamedFiles } from '../bundles/attention-export.ts';
import type { OutboxState, SeatDatabase } from '../database/seat-tables.ts';

/**
 * SY-10: where access has ended, the server takes the files of work that it keeps for a decision, and of no other. What may
 * still come to that stays in the queue; the other contents stay in the files folder, and what is sent again later
 * queues them again.
 */
export async function dropNeedlessUploads(tx: Transaction<SeatDatabase>): Promise<void> {
  const wanted = await loadNamedByWork(tx, ['pending', 'quarantined']);
  const waiting = await tx
    .selectFrom('uploads')
    .select('sha256')
    .where('finishedAt', 'is', null)
    .execute();
  await dropWaiting(
    tx,
    waiting.map(({ sha256 }) => sha256).filter((sha256) => !wanted.has(sha256)),
  );
}

/** The same for what the server has refused since: nobody takes the files that these changes alone name. */
export async function dropUploadsOf(
  tx: Transaction<SeatDatabase>,
  mutationIds: readonly string[],
): Promise<void> {
  if (mutationIds.length === 0) return;
  const named = await tx
    .selectFrom('outbox')
    .select('argsJson')
    .where('id', 'in', mutationIds)
    .where('argsJson', 'like', '%"sha256"%')
    .execute();
  if (named.length === 0) return;
  // What was accepted waits for its files.
  const wanted = await loadNamedByWork(tx, ['pending', 'quarantined', 'applied', 'settled']);
  await dropWaiting(
    tx,
    listHashes(named).filter((sha256) => !wanted.has(sha256)),
  );
}

async function loadNamedByWork(
  tx: Transaction<SeatDatabase>,
  states: readonly OutboxState[],
): Promise<ReadonlySet<string>> {
  const work = await tx
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .select('outbox.argsJson')
    .where('outboxStates.state', 'in', states)
    .where('outbox.name', '=', createSubmission.name)
    .execute();
  return new Set(listHashes(work));
}

const listHashes = (rows: readonly { readonly argsJson: string }[]): string[] =>
  rows.flatMap(({ argsJson }) => listNamedFiles(JSON.parse(argsJson)).map(({ sha256 }) => sha256));

async function dropWaiting(
  tx: Transaction<SeatDatabase>,
  hashes: readonly string[],
): Promise<void> {
  for (const sha256 of hashes)
    await tx
      .deleteFrom('uploads')
      .where('sha256', '=', sha256)
      .where('finishedAt', 'is', null)
      .execute();
}
