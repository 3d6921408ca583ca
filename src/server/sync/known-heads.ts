import type { Kysely } from 'kysely';
import type { Head } from '../../shared/protocol/push.ts';
import type { ServerTables } from '../database/server-tables.ts';
import { emptyHead } from './log-hash.ts';

/**
 * SY-15: whether this server's log ever ended in that head. It did not where the server was restored from a
 * backup that is older, whatever it has numbered since: the log's hash names the whole history before it.
 * Who has reached no head yet has none that could be unknown.
 *
 * @param current where the log ends now, as read in the same transaction.
 */
export async function isHeadKnown(
  db: Kysely<ServerTables>,
  orgId: string,
  claimed: Head | null,
  current: Head,
): Promise<boolean> {
  if (claimed === null || claimed.seq === 0) return true;
  if (claimed.seq >= current.seq)
    return claimed.seq === current.seq && claimed.hash === current.hash;
  return (await findNewestKnownHead(db, orgId, [claimed])).seq === claimed.seq;
}

/** SY-15: the newest of these heads that this server knows; `emptyHead` where it knows none of them. */
export async function findNewestKnownHead(
  db: Kysely<ServerTables>,
  orgId: string,
  claimed: readonly Head[],
): Promise<Head> {
  if (claimed.length === 0) return emptyHead;
  const entries = await db
    .selectFrom('mutationLog')
    .select(['seq', 'hash'])
    .where('orgId', '=', orgId)
    .where('seq', 'in', [...new Set(claimed.map(({ seq }) => seq))])
    .orderBy('seq', 'desc')
    .execute();
  return (
    entries.find((entry) =>
      claimed.some(({ seq, hash }) => seq === entry.seq && hash === entry.hash),
    ) ?? emptyHead
  );
}
