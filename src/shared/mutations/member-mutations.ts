import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { idSchema } from '../domain/fields.ts';
import type { EndReason } from '../domain/end-reason.ts';
import { StintError } from '../errors.ts';
import { type Actor, defineMutation, employerRoles, type MutationContext } from './mutation.ts';

/**
 * Ends a person's access to the organization (SY-10): they see nothing of it any more, their active
 * engagements end, and what they send from now on waits in quarantine. What they handed in stays. An
 * invitation that they accept later gives the same membership its life back.
 */
export const removeMemberV1 = defineMutation({
  name: 'member.remove',
  version: 1,
  schema: z.object({
    membershipId: idSchema,
    /** Kept in the log; nobody is shown it. */
    reason: z.string().max(2000).nullable().default(null),
  }),
  by: employerRoles,
  label: 'End a person’s access',
  async apply(store, { membershipId }, context) {
    await removeMembership(store, membershipId, context, {});
  },
});

/** As before, and the engagements that end with it say why. */
export const removeMember = defineMutation({
  name: 'member.remove',
  version: 2,
  schema: removeMemberV1.schema as z.ZodType<z.output<typeof removeMemberV1.schema>>,
  by: employerRoles,
  label: 'End a person’s access',
  async apply(store, { membershipId }, context) {
    await removeMembership(store, membershipId, context, { endReason: 'access_ended' });
  },
});

async function removeMembership(
  store: MutationStore,
  membershipId: string,
  { actor, at }: Pick<MutationContext, 'actor' | 'at'>,
  ending: { readonly endReason?: EndReason },
): Promise<void> {
  const membership = await getRow(store, 'memberships', membershipId);
  await assertMayRemove(store, membership, actor);
  if (membership.status === 'removed') return;
  await endMembership(store, membershipId, at, ending);
}

/** Access ends, and with it the person's active engagements. */
export async function endMembership(
  store: MutationStore,
  membershipId: string,
  at: string,
  ending: { readonly endReason?: EndReason },
): Promise<void> {
  await store.patch('memberships', membershipId, { status: 'removed' });
  const engagements = await store.db
    .selectFrom('engagements')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('membershipId', '=', membershipId)
    .where('status', '=', 'active')
    .orderBy('id')
    .execute();
  for (const { id } of engagements)
    await store.patch('engagements', id, { status: 'withdrawn', endedAt: at, ...ending });
}

async function assertMayRemove(
  store: MutationStore,
  membership: DomainRow<'memberships'>,
  actor: Actor,
): Promise<void> {
  if (membership.role === 'intern') return;
  if (actor.role !== 'owner')
    throw new StintError(
      'forbidden',
      `${membership.displayName} is ${membership.role} of this organization; only an owner may end their access`,
    );
  if (membership.role === 'owner') await assertNotLastOwner(store, membership);
}

/** Whether anybody but this person has access. */
export async function hasOtherMembers(
  store: MutationStore,
  membershipId: string,
): Promise<boolean> {
  const other = await store.db
    .selectFrom('memberships')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('status', '=', 'active')
    .where('id', '!=', membershipId)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

/** An organization without an owner could never get one again. */
export async function assertNotLastOwner(
  store: MutationStore,
  membership: DomainRow<'memberships'>,
): Promise<void> {
  const otherOwner = await store.db
    .selectFrom('memberships')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('role', '=', 'owner')
    .where('status', '=', 'active')
    .where('id', '!=', membership.id)
    .limit(1)
    .executeTakeFirst();
  if (otherOwner === undefined)
    throw new StintError(
      'refused',
      `${membership.displayName} is the last owner of this organization; somebody else has to be owner first`,
    );
}
