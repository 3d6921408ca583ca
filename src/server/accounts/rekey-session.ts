import { StintError } from '../../shared/errors.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import type { RekeyResponse } from '../../shared/protocol/rekey.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { assertAccountOpen } from './account-closed.ts';
import { createToken, type Principal } from './sessions.ts';

/**
 * SY-16: a second session beside the one that asks, for the same account as another device. The old token goes
 * on as the old device: another copy of the workspace may hold it. Asking again for the same device, since the
 * answer was lost, answers another token, and the one that was never used ends.
 * @throws StintError `conflict` for a device that is another account's, `invalid_input` for the one that asks,
 * `not_signed_in` where the session that asks was ended meanwhile, `account_closed` where the account was.
 */
export async function rekeySession(
  { database, ports }: { readonly database: ServerDatabase; readonly ports: ServerPorts },
  principal: Principal,
  deviceId: string,
): Promise<RekeyResponse> {
  if (deviceId === principal.deviceId)
    throw new StintError(
      'invalid_input',
      'expected the id of a new device, and found the one that this session belongs to',
      { field: 'deviceId' },
    );
  return await database.write(async (trx) => {
    // Who ends all of the account's sessions at the same moment waits, and ends the new one as well.
    await assertAccountOpen(trx, principal.accountId);
    const foreign = await trx
      .selectFrom('sessions')
      .select('id')
      .where('deviceId', '=', deviceId)
      .where('accountId', '!=', principal.accountId)
      .limit(1)
      .executeTakeFirst();
    if (foreign !== undefined)
      throw new StintError(
        'conflict',
        'this device id belongs to another account on this server; choose a new one',
        { field: 'deviceId' },
      );
    // Written, so that who ends this session at the same moment waits: it must not live on under a new name.
    const own = await trx
      .updateTable('sessions')
      .set({ revokedAt: null })
      .where('id', '=', principal.sessionId)
      .where('revokedAt', 'is', null)
      .returning('deviceName')
      .executeTakeFirst();
    if (own === undefined)
      throw new StintError('not_signed_in', "this device's session was ended; sign in again");
    const now = computeIsoInstant(ports.clock.nowMs());
    await trx
      .updateTable('sessions')
      .set({ revokedAt: now })
      .where('accountId', '=', principal.accountId)
      .where('deviceId', '=', deviceId)
      .where('lastUsedAt', 'is', null)
      .where('revokedAt', 'is', null)
      .execute();
    const token = createToken(ports);
    await trx
      .insertInto('sessions')
      .values({
        id: ports.randomness.uuid(),
        tokenHash: sha256Hex(token),
        accountId: principal.accountId,
        deviceId,
        deviceName: own.deviceName,
        createdAt: now,
        revokedAt: null,
        lastUsedAt: null,
        expiresAt: null,
      })
      .execute();
    return { token };
  });
}
