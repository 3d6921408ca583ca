import type { Poke } from '../../shared/protocol/poke.ts';
import { listLiveSessions } from '../accounts/sessions.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import type { Clock } from '../../shared/ports.ts';
import type { PokeSource } from './poke-hub.ts';

export function createPokeSource(
  database: ServerDatabase,
  clock: Clock,
  sessionMs: number,
): PokeSource {
  return {
    loadAudience: (orgId) =>
      database.read(async (trx) => {
        const head = await trx
          .selectFrom('organizationHeads')
          .select('seq')
          .where('orgId', '=', orgId)
          .executeTakeFirst();
        const members = await trx
          .selectFrom('memberships')
          .select('accountId')
          .where('orgId', '=', orgId)
          .where('status', '=', 'active')
          .execute();
        return { seq: head?.seq ?? 0, accountIds: members.map(({ accountId }) => accountId) };
      }),
    loadHeads: (accountIds) => listHeads(database, accountIds),
    listLiveSessions: (sessionIds) =>
      listLiveSessions(database.db, sessionIds, { nowMs: clock.nowMs(), sessionMs }),
  };
}

/** The present heads of all organizations of an account: what a new stream begins with. */
export async function listCurrentPokes(
  database: ServerDatabase,
  accountId: string,
): Promise<Poke[]> {
  const heads = await listHeads(database, [accountId]);
  return heads.map(({ orgId, seq }) => ({ orgId, seq }));
}

async function listHeads(
  database: ServerDatabase,
  accountIds: readonly string[],
): Promise<{ accountId: string; orgId: string; seq: number }[]> {
  return await database.db
    .selectFrom('memberships')
    .innerJoin('organizationHeads', 'organizationHeads.orgId', 'memberships.orgId')
    .select(['memberships.accountId', 'organizationHeads.orgId', 'organizationHeads.seq'])
    .where('memberships.accountId', 'in', accountIds)
    .where('memberships.status', '=', 'active')
    .orderBy('organizationHeads.orgId')
    .execute();
}
