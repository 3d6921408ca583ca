import type { Actor } from '../../shared/mutations/mutation.ts';
import { erasePerson } from '../../shared/mutations/erasure-mutations.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { OrganizationSession } from './organization-writer.ts';
import { runServerMutation } from './run-server-mutation.ts';

/**
 * Where nobody is left in an organization, nobody can fulfil what those who left had asked for: their data is erased by
 * the server then, in the transaction in which the last one leaves.
 *
 * @param actor who has just left.
 */
export async function fulfilErasures(
  session: OrganizationSession,
  ports: ServerPorts,
  actor: Actor,
): Promise<void> {
  const { trx, orgId } = session;
  const memberships = await trx
    .selectFrom('memberships')
    .select(['id', 'status', 'erasureAskedAt', 'erasedAt'])
    .where('orgId', '=', orgId)
    .orderBy('id')
    .execute();
  if (memberships.some(({ status }) => status === 'active')) return;
  for (const { id, erasureAskedAt, erasedAt } of memberships)
    if (erasureAskedAt !== null && erasedAt === null)
      await runServerMutation(session, ports, erasePerson, { membershipId: id }, actor);
}
