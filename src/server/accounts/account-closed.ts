import { StintError } from '../../shared/errors.ts';
import type { ServerTransaction } from '../database/server-database.ts';

export function createAccountClosed(): StintError {
  return new StintError(
    'account_closed',
    'this account was closed; what was not sent is kept on this computer and can be exported',
  );
}

/**
 * Keeps the account from being closed until this transaction has ended. To be asked inside each transaction that gives an
 * account something, a membership or a session: else it could be given to one that was closed meanwhile.
 * @throws StintError `account_closed`.
 */
export async function assertAccountOpen(trx: ServerTransaction, accountId: string): Promise<void> {
  // It changes nothing, but waits for whoever is closing the account, on PostgreSQL as well.
  const open = await trx
    .updateTable('accounts')
    .set(({ ref }) => ({ closedAt: ref('closedAt') }))
    .where('id', '=', accountId)
    .where('closedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (open === undefined) throw createAccountClosed();
}
