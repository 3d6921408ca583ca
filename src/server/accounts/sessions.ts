import type { Kysely, Selectable } from 'kysely';
import { hasVisibleText } from '../../shared/domain/hidden-characters.ts';
import { StintError } from '../../shared/errors.ts';
import { computeEpochMs, computeIsoInstant } from '../../shared/ports.ts';
import type { DeviceItem } from '../../shared/protocol/accounts.ts';
import type { ServerTables } from '../database/server-tables.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { createAccountClosed } from './account-closed.ts';

/** Who makes a request, and from which device. */
export interface Principal {
  readonly sessionId: string;
  readonly accountId: string;
  readonly deviceId: string;
}

type SessionRow = Selectable<ServerTables['sessions']>;

const tokenBytes = 32;
const dayMs = 24 * 3_600_000;

/** How many days without use end a session, unless the host says otherwise. */
export const defaultSessionDays = 180;

export const computeSessionMs = (days: number): number => days * dayMs;

/** 43 characters that nobody can guess. */
export function createToken({ randomness }: ServerPorts): string {
  return Buffer.from(randomness.bytes(tokenBytes)).toString('base64url');
}

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
  const token = createToken(ports);
  await trx
    .insertInto('sessions')
    .values({
      id: ports.randomness.uuid(),
      tokenHash: sha256Hex(token),
      accountId,
      deviceId: device.deviceId,
      // An older program may name a device by nothing that can be seen: it is signed in as one without a name.
      deviceName: hasVisibleText(device.deviceName) ? device.deviceName : '',
      createdAt: now,
      revokedAt: null,
      lastUsedAt: null,
      expiresAt: null,
    })
    .execute();
  return { token, endedSessionIds: ended.map(({ id }) => id) };
}

/** When a session ends if nobody uses it any more; one that was never used counts from when it was made. */
function computeExpiryMs(session: SessionRow, sessionMs: number): number {
  return session.expiresAt === null
    ? computeEpochMs(session.createdAt) + sessionMs
    : computeEpochMs(session.expiresAt);
}

const isLive = (session: SessionRow, nowMs: number, sessionMs: number): boolean =>
  session.revokedAt === null && nowMs < computeExpiryMs(session, sessionMs);

/**
 * Undefined for a token that is unknown, was revoked, or lay unused for too long. Its use is noted, to the
 * day, and puts the session's end off: written once a day at most.
 * @throws StintError `account_closed`, whatever became of the session: the account's other devices learn from it that
 * there is nothing to sign in to any more.
 */
export async function findPrincipal(
  db: Kysely<ServerTables>,
  token: string,
  time: { readonly nowMs: number; readonly sessionMs: number },
): Promise<Principal | undefined> {
  const session = await db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.accountId')
    .selectAll('sessions')
    .select('accounts.closedAt')
    .where('sessions.tokenHash', '=', sha256Hex(token))
    .executeTakeFirst();
  if (session !== undefined && session.closedAt !== null) throw createAccountClosed();
  if (session === undefined || !isLive(session, time.nowMs, time.sessionMs)) return undefined;
  await noteUse(db, session, time);
  return { sessionId: session.id, accountId: session.accountId, deviceId: session.deviceId };
}

async function noteUse(
  db: Kysely<ServerTables>,
  session: SessionRow,
  { nowMs, sessionMs }: { readonly nowMs: number; readonly sessionMs: number },
): Promise<void> {
  const today = computeIsoInstant(nowMs).slice(0, 10);
  if (session.lastUsedAt === today) return;
  await db
    .updateTable('sessions')
    .set({ lastUsedAt: today, expiresAt: computeIsoInstant(nowMs + sessionMs) })
    .where('id', '=', session.id)
    .where('revokedAt', 'is', null)
    .execute();
}

/** Which of these sessions a request could still be made with. */
export async function listLiveSessions(
  db: Kysely<ServerTables>,
  sessionIds: readonly string[],
  time: { readonly nowMs: number; readonly sessionMs: number },
): Promise<string[]> {
  if (sessionIds.length === 0) return [];
  const sessions = await db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.accountId')
    .selectAll('sessions')
    .where('sessions.id', 'in', sessionIds)
    .where('accounts.closedAt', 'is', null)
    .execute();
  return sessions
    .filter((session) => isLive(session, time.nowMs, time.sessionMs))
    .map(({ id }) => id);
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

/** Where an account is signed in, the device used last first. */
export async function listDevices(
  db: Kysely<ServerTables>,
  principal: Principal,
  time: { readonly nowMs: number; readonly sessionMs: number },
): Promise<DeviceItem[]> {
  const sessions = await db
    .selectFrom('sessions')
    .selectAll()
    .where('accountId', '=', principal.accountId)
    .where('revokedAt', 'is', null)
    .execute();
  const newestByDevice = new Map<string, SessionRow>();
  for (const session of sessions) {
    const known = newestByDevice.get(session.deviceId);
    const isNewer = known === undefined || known.createdAt < session.createdAt;
    if (isNewer && isLive(session, time.nowMs, time.sessionMs))
      newestByDevice.set(session.deviceId, session);
  }
  const computeLastUse = (session: SessionRow): string =>
    session.lastUsedAt ?? session.createdAt.slice(0, 10);
  return [...newestByDevice.values()]
    .sort((left, right) =>
      computeLastUse(left) === computeLastUse(right)
        ? left.createdAt < right.createdAt
          ? 1
          : -1
        : computeLastUse(left) < computeLastUse(right)
          ? 1
          : -1,
    )
    .map((session) => ({
      deviceId: session.deviceId,
      deviceName: session.deviceName,
      signedInAt: session.createdAt,
      lastUsedOn: computeLastUse(session),
      expiresAt: computeIsoInstant(computeExpiryMs(session, time.sessionMs)),
      isThisDevice: session.deviceId === principal.deviceId,
    }));
}

/**
 * Ends the sessions of one of the account's devices; answers their ids, so that their streams can be closed.
 * Repeating it is harmless.
 * @throws StintError `not_found` where this account was never signed in on such a device.
 */
export async function revokeDevice(
  db: Kysely<ServerTables>,
  ports: ServerPorts,
  accountId: string,
  deviceId: string,
): Promise<string[]> {
  const sessions = await db
    .selectFrom('sessions')
    .select(['id', 'revokedAt'])
    .where('accountId', '=', accountId)
    .where('deviceId', '=', deviceId)
    .execute();
  if (sessions.length === 0)
    throw new StintError('not_found', 'this account is not signed in on such a device');
  const open = sessions.filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id);
  for (const sessionId of open) await revokeSession(db, ports, sessionId);
  return open;
}

/**
 * Ends all sessions of an account, but for one where it is named; answers their ids, so that their streams can be closed.
 * The transaction has to hold the account's row: nobody is given another session meanwhile.
 */
export async function endSessions(
  trx: Kysely<ServerTables>,
  ports: ServerPorts,
  accountId: string,
  keptSessionId?: string,
): Promise<string[]> {
  const ended = await trx
    .updateTable('sessions')
    .set({ revokedAt: computeIsoInstant(ports.clock.nowMs()) })
    .where('accountId', '=', accountId)
    .where('revokedAt', 'is', null)
    .where('id', '!=', keptSessionId ?? '')
    .returning('id')
    .execute();
  return ended.map(({ id }) => id);
}
