import { StintError } from '../../../shared/errors.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import { historyPageSchema } from '../../../shared/protocol/history.ts';
import type { HistoryEntryRow } from '../database/seat-tables.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { eraseFromHistory } from './erase-from-history.ts';

/** A server that began anew more often within one fetch is not worth following. */
const maximumRestarts = 3;

const runningBySeat = new WeakMap<Seat, Promise<number>>();

/**
 * Fetches what the server's log has and this computer does not, page by page, each in one transaction together with how far it
 * reaches. A server that was restored tells its history from the beginning, and what was held here goes. One at a time
 * for each seat; asking twice waits for the same.
 * @returns how many entries came.
 * @throws StintError `not_signed_in`, `server_unreachable`, `forbidden`.
 */
export function fetchHistory(workspace: Workspace, seat: Seat): Promise<number> {
  const running = runningBySeat.get(seat);
  if (running !== undefined) return running;
  const fetching = runFetch(workspace, seat).finally(() => runningBySeat.delete(seat));
  runningBySeat.set(seat, fetching);
  return fetching;
}

async function runFetch(workspace: Workspace, seat: Seat): Promise<number> {
  const client = await workspace.accounts.findClient(seat.record.accountKey);
  if (client === undefined)
    throw new StintError('not_signed_in', 'sign in again to fetch the history');
  let added = 0;
  let restarts = 0;
  for (;;) {
    const reach = await seat.db.selectFrom('historyReach').selectAll().executeTakeFirst();
    const after = reach?.seq ?? 0;
    const page = await client.get(
      `${endpoints.history(seat.record.orgId)}?after=${after}&afterHash=${reach?.hash ?? ''}`,
      historyPageSchema,
    );
    if (page.isFromStart && after > 0) {
      restarts += 1;
      if (restarts > maximumRestarts)
        throw new StintError('server_error', `${client.serverUrl} begins anew again and again`);
    }
    await seat.db.transaction().execute(async (tx) => {
      if (page.isFromStart) await tx.deleteFrom('historyEntries').execute();
      for (let start = 0; start < page.entries.length; start += rowsPerStatement)
        await tx
          .insertInto('historyEntries')
          .values(page.entries.slice(start, start + rowsPerStatement) satisfies HistoryEntryRow[])
          .execute();
      const row = { only: 1, ...page.reached, fetchedAt: computeNow(workspace) };
      await tx
        .insertInto('historyReach')
        .values(row)
        .onConflict((conflict) => conflict.column('only').doUpdateSet(row))
        .execute();
      if (page.complete) await eraseFromHistory(tx, seat.record.orgId);
    });
    added += page.entries.length;
    if (page.complete) return added;
    if (page.reached.seq <= after && !page.isFromStart)
      throw new StintError(
        'server_error',
        `${client.serverUrl} says that there is more, and sends nothing new`,
      );
  }
}

/** SQLite takes 32,766 values in one statement; a row has twelve. */
const rowsPerStatement = 500;
