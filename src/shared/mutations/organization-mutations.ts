import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import {
  emailSchema,
  idSchema,
  lineSchema,
  nameSchema,
  type Role,
  roleSchema,
  timeZoneSchema,
} from '../domain/fields.ts';
import { computeMembershipScope, orgScope } from '../domain/scopes.ts';
import { StintError } from '../errors.ts';
import { applyFieldEdits } from './field-edits.ts';
import { defineMutation, everyRole } from './mutation.ts';

const personSchema = z.object({
  displayName: lineSchema,
  email: emailSchema,
  timeZone: timeZoneSchema,
});

/** The first mutation of every organization: it makes the organization and its owner's membership. */
export const createOrganization = defineMutation({
  name: 'organization.create',
  version: 1,
  schema: z.object({
    name: lineSchema,
    timeZone: timeZoneSchema,
    receiptKeyId: z.string(),
    receiptPublicKey: z.string(),
    owner: personSchema,
  }),
  by: 'server',
  label: 'Create the organization',
  async apply(store, args, context) {
    await store.insert('organizations', {
      orgId: store.orgId,
      id: store.orgId,
      scope: orgScope,
      name: args.name,
      timeZone: args.timeZone,
      createdAt: context.at,
      receiptKeyId: args.receiptKeyId,
      receiptPublicKey: args.receiptPublicKey,
    });
    await store.insert('memberships', {
      orgId: store.orgId,
      id: context.actor.membershipId,
      scope: orgScope,
      accountId: context.actor.accountId,
      role: 'owner',
      ...args.owner,
      status: 'active',
      joinedAt: context.at,
      erasedAt: null,
      erasureAskedAt: null,
    });
  },
});

/**
 * Nothing that a device holds builds on a new name, so one that cannot be seen is refused, from an older program too.
 * @throws StintError `invalid_input` naming the field.
 */
function assertName(name: string, field: string): void {
  const [issue] = nameSchema.safeParse(name).error?.issues ?? [];
  if (issue !== undefined) throw new StintError('invalid_input', issue.message, { field });
}

export const renameOrganization = defineMutation({
  name: 'organization.rename',
  version: 1,
  schema: z.object({ name: lineSchema, seenName: z.string() }),
  by: ['owner'],
  label: 'Rename the organization',
  async apply(store, args, context) {
    assertName(args.name, 'name');
    const organization = await getRow(store, 'organizations', store.orgId);
    await applyFieldEdits(
      store,
      'organizations',
      organization,
      { name: args.name },
      { name: args.seenName },
      context,
    );
  },
});

/** Nobody is invited as an owner: who was one, and has no access any more, comes back as a manager. */
const isOwnerComingBack = (
  { role, status }: Pick<DomainRow<'memberships'>, 'role' | 'status'>,
  invitedRole: Role,
): boolean => status === 'removed' && role === 'owner' && invitedRole === 'manager';

/**
 * Two managers may have invited the same person to the same project, neither knowing of the other.
 * @throws StintError `conflict` where the person is on this project already.
 */
async function assertNotOnProject(
  store: MutationStore,
  engagement: DomainRow<'engagements'>,
  membershipId: string,
): Promise<void> {
  const active = await store.db
    .selectFrom('engagements')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('projectId', '=', engagement.projectId)
    .where('membershipId', '=', membershipId)
    .where('status', '=', 'active')
    .limit(1)
    .executeTakeFirst();
  if (active === undefined) return;
  const { title } = await getRow(store, 'projects', engagement.projectId);
  throw new StintError(
    'conflict',
    `you are on the project “${title}” already, and this invitation is to the same one; ask the organization which of the two is to hold`,
  );
}

/** Run by the server when a person accepts an invitation; the code was checked before. */
export const acceptInvitation = defineMutation({
  name: 'invitation.accept',
  version: 1,
  schema: z.object({ invitationId: idSchema, role: roleSchema, person: personSchema }),
  by: 'server',
  label: 'Accept the invitation',
  async apply(store, args, context) {
    const invitation = await getRow(store, 'invitations', args.invitationId);
    if (invitation.withdrawnAt !== null)
      throw new StintError(
        'invitation_withdrawn',
        'this invitation was withdrawn by the organization',
      );
    if (invitation.acceptedAt !== null)
      throw new StintError(
        'invitation_used',
        'this invitation was used already; an invitation works once',
      );
    if (invitation.expiresAt < context.at)
      throw new StintError(
        'invitation_expired',
        `this invitation expired at ${invitation.expiresAt}`,
      );
    const { membershipId, accountId } = context.actor;
    if (invitation.engagementId !== null) {
      const engagement = await getRow(store, 'engagements', invitation.engagementId);
      if (engagement.status !== 'invited')
        throw new StintError(
          'invitation_withdrawn',
          'the organization has ended the engagement that this invitation is for',
        );
      await assertNotOnProject(store, engagement, membershipId);
    }
    const existing = await store.find('memberships', membershipId);
    if (existing === undefined) {
      await store.insert('memberships', {
        orgId: store.orgId,
        id: membershipId,
        scope: computeMembershipScope(args.role, membershipId),
        accountId,
        role: args.role,
        ...args.person,
        status: 'active',
        joinedAt: context.at,
        erasedAt: null,
        erasureAskedAt: null,
      });
    } else if (existing.role !== invitation.role && !isOwnerComingBack(existing, invitation.role)) {
      throw new StintError(
        'conflict',
        existing.status === 'active'
          ? `you already belong to this organization as ${existing.role}; this invitation is for the role ${invitation.role}`
          : `you belonged to this organization as ${existing.role} until your access ended, and come back in the same role alone; this invitation is for the role ${invitation.role}`,
      );
    } else if (existing.status !== 'active') {
      // Who was erased and comes back has to be called something again.
      const named = existing.erasedAt === null ? {} : { ...args.person, erasedAt: null };
      const asked = existing.erasureAskedAt === null ? {} : { erasureAskedAt: null };
      await store.patch('memberships', membershipId, {
        status: 'active',
        ...(existing.role === invitation.role ? {} : { role: invitation.role }),
        ...named,
        ...asked,
      });
    }
    await store.patch('invitations', invitation.id, {
      acceptedAt: context.at,
      acceptedBy: membershipId,
    });
    if (invitation.engagementId !== null) {
      await store.patch('engagements', invitation.engagementId, {
        membershipId,
        status: 'active',
        agreedAt: context.at,
      });
    }
  },
});

export const updateProfile = defineMutation({
  name: 'member.updateProfile',
  version: 1,
  schema: z.object({ displayName: lineSchema, timeZone: timeZoneSchema }),
  by: everyRole,
  label: 'Update your name and time zone',
  async apply(store, args, context) {
    assertName(args.displayName, 'displayName');
    await getRow(store, 'memberships', context.actor.membershipId);
    await store.patch('memberships', context.actor.membershipId, args);
  },
});
