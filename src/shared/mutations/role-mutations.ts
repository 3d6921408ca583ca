import { z } from 'zod';
import { getRow } from '../database/mutation-store.ts';
import { idSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { assertNotLastOwner, endMembership, hasOtherMembers } from './member-mutations.ts';
import { withdrawOpenInvitations } from './withdraw-open-invitations.ts';
import { defineMutation, everyRole } from './mutation.ts';

/**
 * Makes a manager an owner, or an owner a manager: how ownership is handed over. Interns keep their role, since
 * whoever judges work must not have handed in work of their own here. Setting the role that a person has changes nothing.
 */
export const setRole = defineMutation({
  name: 'member.setRole',
  version: 1,
  schema: z.object({ membershipId: idSchema, role: z.enum(['owner', 'manager']) }),
  by: ['owner'],
  label: 'Change a person’s role',
  async apply(store, { membershipId, role }) {
    const membership = await getRow(store, 'memberships', membershipId);
    if (membership.status !== 'active')
      throw new StintError('refused', `the access of ${membership.displayName} has ended`, {
        field: 'membershipId',
      });
    if (membership.role === 'intern')
      throw new StintError(
        'refused',
        `${membership.displayName} is an intern here; owners and managers can change between those two roles only`,
        { field: 'membershipId' },
      );
    if (membership.role === role) return;
    if (membership.role === 'owner') await assertNotLastOwner(store, membership);
    await store.patch('memberships', membershipId, { role });
  },
});

/**
 * A person leaves the organization by themselves; the consequences are those of `member.remove` (SY-10). The last owner
 * cannot, but where nobody else is left: then nobody can come in any more, either.
 */
export const leaveOrganization = defineMutation({
  name: 'member.leave',
  version: 1,
  schema: z.object({
    /** Whether the person wants their data erased; an owner does it (`member.erase`). */
    asksErasure: z.boolean().default(false),
  }),
  by: everyRole,
  label: 'Leave the organization',
  async apply(store, { asksErasure }, context) {
    const membership = await getRow(store, 'memberships', context.actor.membershipId);
    if (membership.status === 'removed') {
      // The server alone brings this about, where an account is closed: the wish reaches organizations left before.
      if (asksErasure && membership.erasureAskedAt === null && membership.erasedAt === null)
        await store.patch('memberships', membership.id, { erasureAskedAt: context.at });
      return;
    }
    // Owners see all memberships, so that both sides come to the same.
    const isAlone = membership.role === 'owner' && !(await hasOtherMembers(store, membership.id));
    if (isAlone) await withdrawOpenInvitations(store, context.at);
    else if (membership.role === 'owner') await assertNotLastOwner(store, membership);
    await endMembership(store, membership.id, context.at, { endReason: 'intern_left' });
    if (asksErasure)
      await store.patch('memberships', membership.id, { erasureAskedAt: context.at });
  },
});
