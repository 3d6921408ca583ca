import { StintError } from '../../shared/errors.ts';
import type { Randomness } from '../../shared/ports.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { computePasswordHash } from './passwords.ts';
import { endSessions } from './sessions.ts';

/** Sixteen, so each is four bits of chance; none looks like another, nor do two beside each other look like a third. */
const letters = 'bcdfghjknprtwxyz';
/** 80 bits. */
const passwordBytes = 10;

/** Five groups of four letters, to be read out and typed. */
function createPassword(randomness: Randomness): string {
  const pairs = Array.from(
    randomness.bytes(passwordBytes),
    (byte) => letters.charAt(byte >> 4) + letters.charAt(byte & 15),
  );
  return pairs.join('').replaceAll(/.{4}(?=.)/g, '$&-');
}

/**
 * Gives an account a new password, at the wish of whoever runs the server, and ends its sessions unless they are to be
 * kept; their ids are answered, so that their streams can be closed.
 * @throws StintError `not_found` where no account that is open has this e-mail address; nothing was written then.
 */
export async function resetPassword(
  { database, ports }: { readonly database: ServerDatabase; readonly ports: ServerPorts },
  email: string,
  { keepsSessions }: { readonly keepsSessions: boolean },
): Promise<{ password: string; endedSessionIds: string[] }> {
  const password = createPassword(ports.randomness);
  // Outside of the transaction: it takes a while, and everyone would wait.
  const passwordHash = await computePasswordHash(password, ports);
  return await database.write(async (trx) => {
    // First, since it holds the account's row: who signs in meanwhile waits, and looks at the hash again.
    const account = await trx
      .updateTable('accounts')
      .set({ passwordHash })
      .where('email', '=', email)
      .where('closedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (account === undefined)
      throw new StintError(
        'not_found',
        `there is no account with the e-mail address ${email} on this server, or it was closed`,
      );
    const endedSessionIds = keepsSessions ? [] : await endSessions(trx, ports, account.id);
    return { password, endedSessionIds };
  });
}
