import type { Kysely } from 'kysely';
import { computeIsoInstant } from '../../shared/ports.ts';
import type { ServerTables } from '../database/server-tables.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { sha256Hex } from '../sha256-hex.ts';

/** Who makes a request, and from which device. */
export interface Principal {
  readonly sessionId: string;
  readonly accountId: string;
  readonly deviceId: string;
}

const tokenBytes = 32;

/**
 * Signs a device in: a new opaque token, of which only the hash is stored. A session that this device
 * had before ends; its id is answered, so that its streams can be closed.
 */
export async function createSession(
  trx: Kysely<ServerTables>,
  ports: ServerPorts,
  accountId: string,
  device: { readonly deviceId: string; readonly deviceName: string },
): Promise<{ token: string; endedSessionIds: string[] }> {
  const now = computeIsoInstant(ports.clock.nowMs());
  const ended = await trx
    .updateTable('sessions')
    .set({ revokedAt: now })
    .where('accountId', '=', accountId)
    .where('deviceId', '=', device.deviceId)
    .where('revokedAt', 'is', null)
    .returning('id')
    .execute();
  const token = Buffer.from(ports.randomness.bytes(tokenBytes)).toString('base64url');
  await trx
    .insertInto('sessions')
    .values({
      id: ports.randomness.uuid(),
      tokenHash: sha256Hex(token),
      accountId,
      deviceId: device.deviceId,
      deviceName: device.deviceName,
      createdAt: now,
      revokedAt: null,
      lastUsedAt: null,
      expiresAt: null,
    })
    .execute();
  return { token, endedSessionIds: ended.map(({ id }) => id) };
}

/** Undefined for a token that is unknown or was revoked. */
export async function findPrincipal(
  db: Kysely<ServerTables>,
  token: string,
): Promise<Principal | undefined> {
  const session = await db
    .selectFrom('sessions')
    .select(['id', 'accountId', 'deviceId'])
    .where('tokenHash', '=', sha256Hex(token))
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return session === undefined
    ? undefined
    : { sessionId: session.id, accountId: session.accountId, deviceId: session.deviceId };
}

export async function revokeSession(
  db: Kysely<ServerTables>,
  ports: ServerPorts,
  sessionId: string,
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ revokedAt: computeIsoInstant(ports.clock.nowMs()) })
    .where('id', '=', sessionId)
    .where('revokedAt', 'is', null)
    .execute();
}
