import type { Kysely } from 'kysely';
import type { DomainRow } from '../../shared/database/domain-tables.ts';
import { computeVisibleScopes } from '../../shared/domain/scopes.ts';
import { StintError } from '../../shared/errors.ts';
import type { ServerTables } from '../database/server-tables.ts';

type Reader = Kysely<ServerTables>;

export async function findMembership(
  db: Reader,
  orgId: string,
  accountId: string,
): Promise<DomainRow<'memberships'> | undefined> {
  return await db
    .selectFrom('memberships')
    .selectAll()
    .where('orgId', '=', orgId)
    .where('accountId', '=', accountId)
    .executeTakeFirst();
}

/**
 * The person's active membership.
 * @throws StintError `forbidden`, the same whether the organization exists or not.
 */
export async function getActiveMembership(
  db: Reader,
  orgId: string,
  accountId: string,
): Promise<DomainRow<'memberships'>> {
  const membership = await findMembership(db, orgId, accountId);
  if (membership?.status !== 'active') throw createForbidden();
  return membership;
}

export function createForbidden(): StintError {
  return new StintError('forbidden', 'this account is not a member of this organization');
}

/** SY-10: what this person may see now. */
export async function listVisibleScopes(
  db: Reader,
  membership: DomainRow<'memberships'>,
): Promise<string[]> {
  const person = { role: membership.role, membershipId: membership.id };
  // What others see does not depend on where they are engaged.
  if (person.role !== 'intern') return computeVisibleScopes(person, []);
  const engagements = await db
    .selectFrom('engagements')
    .select(['id', 'projectId'])
    .where('orgId', '=', membership.orgId)
    .where('membershipId', '=', membership.id)
    .where('status', 'in', ['active', 'completed'])
    .execute();
  return computeVisibleScopes(person, engagements);
}
