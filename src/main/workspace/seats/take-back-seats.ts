import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Role } from '../../../shared/domain/fields.ts';
import { listDatabases } from '../backup/create-copy.ts';
import { readSeatOwner } from '../database/read-seat-owner.ts';
import type { WorkspaceDatabase } from '../database/workspace-tables.ts';

/**
 * Where an older copy took the place of `workspace.db`, seats that were added later are in nobody's list, with what was
 * not sent in them, while their databases lie in the folder. Those of accounts that are known here come back to it. A
 * seat of another account follows once that one is signed in.
 *
 * @returns the seats that came back.
 */
export async function takeBackSeats(
  workspaceFolder: string,
  db: Kysely<WorkspaceDatabase>,
  now: string,
): Promise<string[]> {
  const taken: string[] = [];
  const known = new Set(
    (await db.selectFrom('seats').select('seatId').execute()).map(({ seatId }) => seatId),
  );
  for (const name of await listDatabases(workspaceFolder)) {
    const seatId = /^seats\/(.+)\/seat\.db$/.exec(name)?.[1];
    if (seatId === undefined || known.has(seatId)) continue;
    const owner = readSeatOwner(join(workspaceFolder, name));
    if (owner === undefined) continue;
    const { accountId, role, ...membership } = owner;
    const accounts = await db
      .selectFrom('accounts')
      .select('accountKey')
      .where('accountId', '=', accountId)
      .execute();
    const [account] = accounts;
    if (account === undefined || accounts.length > 1) continue;
    const inserted = await db
      .insertInto('seats')
      .values({ seatId, ...account, ...membership, role: role as Role, createdAt: now })
      // Whoever joined or signed in again meanwhile goes on in the seat that was made then.
      .onConflict((conflict) => conflict.columns(['accountKey', 'orgId']).doNothing())
      .returning('seatId')
      .execute();
    taken.push(...inserted.map((row) => row.seatId));
  }
  return taken;
}
