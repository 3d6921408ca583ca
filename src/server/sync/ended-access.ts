import type { ServerTransaction } from '../database/server-database.ts';
import type { TouchedRow } from './server-mutation-store.ts';

/** SY-10: the accounts whose access to the organization is ended, among the memberships that were touched. */
export async function listEndedAccounts(
  trx: ServerTransaction,
  orgId: string,
  touched: readonly TouchedRow[],
): Promise<string[]> {
  const ids = touched.filter(({ tableName }) => tableName === 'memberships');
  if (ids.length === 0) return [];
  const ended = await trx
    .selectFrom('memberships')
    .select('accountId')
    .where('orgId', '=', orgId)
    .where(
      'id',
      'in',
      ids.map(({ rowId }) => rowId),
    )
    .where('status', '=', 'removed')
    .execute();
  return ended.map(({ accountId }) => accountId);
}
