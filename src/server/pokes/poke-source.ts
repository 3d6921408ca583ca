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
    // One statement, so one state and one exchange with the database: someone waits for this poke.
    async loadAudience(orgId) {
      const rows = await database.db
        .selectFrom('organizationHeads')
        .innerJoin('memberships', 'memberships.orgId', 'organizationHeads.orgId')
        .select(['organizationHeads.seq', 'memberships.accountId'])
        .where('organizationHeads.orgId', '=', orgId)
        .where('memberships.status', '=', 'active')
        .execute();
      return { seq: rows[0]?.seq ?? 0, accountIds: rows.map(({ accountId }) => accountId) };
    },
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
