import type { Kysely } from 'kysely';
import { computeIsoInstant } from '../../shared/ports.ts';
import type { ServerTables } from '../database/server-tables.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { createToken } from '../accounts/sessions.ts';
import { sha256Hex } from '../sha256-hex.ts';

type Database = Kysely<ServerTables>;

export interface CalendarFeed {
  readonly createdAt: string | null;
  readonly lastUsedAt: string | null;
}

/** One subscription for each account at most. */
export async function findFeed(db: Database, accountId: string): Promise<CalendarFeed> {
  const feed = await db
    .selectFrom('calendarFeeds')
    .select(['createdAt', 'lastUsedAt'])
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  return feed ?? { createdAt: null, lastUsedAt: null };
}

/** Makes the account's subscription anew; the address before answers nothing from now on. Only the secret's hash is kept. */
export async function renewFeed(
  db: Database,
  ports: ServerPorts,
  accountId: string,
): Promise<{ secret: string; createdAt: string }> {
  const secret = createToken(ports);
  const createdAt = computeIsoInstant(ports.clock.nowMs());
  const row = { accountId, secretHash: sha256Hex(secret), createdAt, lastUsedAt: null };
  await db
    .insertInto('calendarFeeds')
    .values(row)
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet(row))
    .execute();
  return { secret, createdAt };
}

export async function endFeed(db: Database, accountId: string): Promise<void> {
  await db.deleteFrom('calendarFeeds').where('accountId', '=', accountId).execute();
}

/** Whose subscription this secret is; its use is noted, to the day. Undefined for any other secret. */
export async function findFeedAccount(
  db: Database,
  ports: ServerPorts,
  secret: string,
): Promise<string | undefined> {
  const feed = await db
    .selectFrom('calendarFeeds')
    .select(['accountId', 'lastUsedAt'])
    .where('secretHash', '=', sha256Hex(secret))
    .executeTakeFirst();
  if (feed === undefined) return undefined;
  const today = computeIsoInstant(ports.clock.nowMs()).slice(0, 10);
  if (feed.lastUsedAt !== today)
    await db
      .updateTable('calendarFeeds')
      .set({ lastUsedAt: today })
      .where('accountId', '=', feed.accountId)
      .execute();
  return feed.accountId;
}
