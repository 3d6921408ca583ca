import type { Transaction } from 'kysely';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import { listUnsentDraftChanges } from './draft-as-seen.ts';

/**
 * The unsent changes of drafts that lie in the vault: what they wrote is shown there as a whole, so that they
 * need not stand one by one among what needs attention.
 */
export async function listShownInVault(seat: Seat): Promise<ReadonlySet<string>> {
  const items = await seat.db.selectFrom('vaultItems').select('taskId').execute();
  if (items.length === 0) return new Set();
  return seat.db.transaction().execute(async (tx) => {
    const ids = new Set<string>();
    for (const { taskId } of items)
      for (const id of await listStoppedDraftChanges(seat, tx, taskId)) ids.add(id);
    return ids;
  });
}

/** Those of one task's draft that will not be sent by themselves any more. */
export async function listStoppedDraftChanges(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  taskId: string,
): Promise<string[]> {
  const unsent = await listUnsentDraftChanges(seat, tx, taskId);
  if (unsent.length === 0) return [];
  const stopped = await tx
    .selectFrom('outboxStates')
    .select('mutationId')
    .where(
      'mutationId',
      'in',
      unsent.map(({ id }) => id),
    )
    .where('state', 'in', ['rejected', 'held', 'kept'])
    .execute();
  return stopped.map(({ mutationId }) => mutationId);
}
