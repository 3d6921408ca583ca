import { StintError } from '../../shared/errors.ts';
import type { ChangePasswordRequest } from '../../shared/protocol/accounts.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import type { PokeHub } from '../pokes/poke-hub.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { assertAccountOpen } from './account-closed.ts';
import { getAccount } from './accounts.ts';
import { computePasswordHash, isPasswordRight } from './passwords.ts';
import { endSessions, type Principal } from './sessions.ts';

interface ChangeDependencies {
  readonly database: ServerDatabase;
  readonly ports: ServerPorts;
  readonly pokes: PokeHub;
}

/**
 * Gives an account the password that its person chose, and ends all of its sessions but the one that asks. Asked again
 * after an answer that got lost, it is done as it was.
 *
 * @throws StintError `wrong_password`, also where the password was replaced meanwhile; `account_closed`. Nothing was
 * written then.
 */
export async function changePassword(
  { database, ports, pokes }: ChangeDependencies,
  { accountId, sessionId }: Pick<Principal, 'accountId' | 'sessionId'>,
  { currentPassword, newPassword }: ChangePasswordRequest,
): Promise<void> {
  const known = await getAccount(database.db, accountId);
  const isTheirs =
    (await isPasswordRight(currentPassword, known.passwordHash)) ||
    // Asked before, and the answer got lost.
    (await isPasswordRight(newPassword, known.passwordHash));
  if (!isTheirs) throw createWrongPassword();
  // Outside of the transaction: it takes a while, and everyone would wait.
  const passwordHash = await computePasswordHash(newPassword, ports);
  const endedSessionIds = await database.write(async (trx) => {
    await assertAccountOpen(trx, accountId);
    const changed = await trx
      .updateTable('accounts')
      .set({ passwordHash })
      .where('id', '=', accountId)
      .where('passwordHash', '=', known.passwordHash)
      .returning('id')
      .executeTakeFirst();
    if (changed === undefined) throw createWrongPassword();
    return await endSessions(trx, ports, accountId, sessionId);
  });
  for (const ended of endedSessionIds) pokes.closeSession(ended);
}

function createWrongPassword(): StintError {
  return new StintError('wrong_password', 'this is not the password; it is as it was', {
    field: 'currentPassword',
  });
}
