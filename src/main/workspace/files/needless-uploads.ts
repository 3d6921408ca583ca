import type { Kysely, Transaction } from 'kysely';
import { createSubmission } from '../../../shared/mutations/submission-mutations.ts';
import { listNamedFiles } from '../bundles/attention-export.ts';
import type { OutboxState, SeatDatabase } from '../database/seat-tables.ts';

/** What was accepted waits for its files (SY-9), and so does what the server keeps for a decision, or may come to that. */
const workStates = ['pending', 'quarantined', 'applied', 'settled'] as const;

/**
 * SY-10: where access has ended, the server takes the files of work alone. The other contents stay in the files folder, and
 * what is sent again later queues them again.
 */
export async function dropNeedlessUploads(
  tx: Transaction<SeatDatabase>,
  states: readonly OutboxState[] = workStates,
): Promise<void> {
  const wanted = await loadNamedByWork(tx, states);
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

/**
 * For a server that takes nothing of this person any more. An older one takes no files of what was accepted before access
 * ended; what was not sent yet, or waits for a decision, is asked about again.
 */
export async function giveUpRefusedUploads(db: Kysely<SeatDatabase>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { accessLostAt } = await tx
      .selectFrom('seatState')
      .select('accessLostAt')
      .executeTakeFirstOrThrow();
    if (accessLostAt !== null) await dropNeedlessUploads(tx, ['pending', 'quarantined']);
  });
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
  const wanted = await loadNamedByWork(tx, workStates);
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
