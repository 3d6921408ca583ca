import { z } from 'zod';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { hourBudgetMinutesSchema } from '../domain/agreement.ts';
import {
  categorySchema,
  dateSchema,
  emailSchema,
  idSchema,
  instantSchema,
  lineSchema,
  paySchema,
  type Pay,
  sha256Schema,
  textSchema,
  timeZoneSchema,
} from '../domain/fields.ts';
import { computeRoundingColumns } from '../domain/rounding.ts';
import { deskScope, engagementScope, projectScope } from '../domain/scopes.ts';
import { StintError } from '../errors.ts';
import { applyFieldEdits } from './field-edits.ts';
import { defineMutation, employerRoles } from './mutation.ts';

export const projectTermsSchema = z.object({
  title: lineSchema,
  brief: textSchema,
  category: categorySchema,
  categoryName: lineSchema.nullable(),
  hourBudgetMinutes: hourBudgetMinutesSchema,
  pay: paySchema,
  timeZone: timeZoneSchema,
  startsOn: dateSchema,
  endsOn: dateSchema,
  graceMinutes: z.int().min(0).max(20_160),
  latePolicy: textSchema,
  roundsIncluded: z.int().min(0).max(20),
});

export function computePayColumns(pay: Pay) {
  return pay.kind === 'fixed'
    ? { payKind: pay.kind, payAmountMinor: pay.amountMinor, payCurrency: pay.currency }
    : { payKind: pay.kind, payAmountMinor: null, payCurrency: null };
}

/** The inverse of `computePayColumns`. */
export function computePay(row: {
  readonly payKind: 'fixed' | 'unpaid';
  readonly payAmountMinor: number | null;
  readonly payCurrency: string | null;
}): Pay {
  return row.payKind === 'fixed' && row.payAmountMinor !== null && row.payCurrency !== null
    ? { kind: 'fixed', amountMinor: row.payAmountMinor, currency: row.payCurrency }
    : { kind: 'unpaid' };
}

export function assertDatesInOrder(startsOn: string, endsOn: string): void {
  if (endsOn < startsOn)
    throw new StintError('invalid_input', `the end ${endsOn} lies before the start ${startsOn}`, {
      field: 'endsOn',
    });
}

export const createProject = defineMutation({
  name: 'project.create',
  version: 1,
  schema: z.object({ projectId: idSchema, terms: projectTermsSchema }),
  by: employerRoles,
  label: 'Create a project',
  async apply(store, { projectId, terms }, context) {
    assertDatesInOrder(terms.startsOn, terms.endsOn);
    const { pay, ...columns } = terms;
    await store.insert('projects', {
      orgId: store.orgId,
      id: projectId,
      scope: projectScope(projectId),
      ...columns,
      ...computePayColumns(pay),
      ...computeRoundingColumns(null),
      createdBy: context.actor.membershipId,
      createdAt: context.at,
      closedAt: null,
      rubricJson: null,
    });
  },
});

export const editProject = defineMutation({
  name: 'project.edit',
  version: 1,
  schema: z.object({
    projectId: idSchema,
    patch: projectTermsSchema.partial(),
    seen: projectTermsSchema.partial(),
  }),
  by: employerRoles,
  label: 'Edit a project',
  async apply(store, { projectId, patch, seen }, context) {
    const project = await getRow(store, 'projects', projectId);
    assertDatesInOrder(patch.startsOn ?? project.startsOn, patch.endsOn ?? project.endsOn);
    const { pay, ...columns } = patch;
    const { pay: seenPay, ...seenColumns } = seen;
    await applyFieldEdits(
      store,
      'projects',
      project,
      { ...columns, ...(pay === undefined ? {} : computePayColumns(pay)) },
      { ...seenColumns, ...(seenPay === undefined ? {} : computePayColumns(seenPay)) },
      context,
    );
  },
});

export const closeProject = defineMutation({
  name: 'project.close',
  version: 1,
  schema: z.object({ projectId: idSchema }),
  by: employerRoles,
  label: 'Close a project',
  async apply(store, { projectId }, context) {
    const project = await getRow(store, 'projects', projectId);
    if (project.closedAt === null)
      await store.patch('projects', projectId, { closedAt: context.at });
  },
});

const invitationSchema = z.object({
  invitationId: idSchema,
  codeHash: sha256Schema,
  invitedName: lineSchema,
  expiresAt: instantSchema,
});

async function insertInvitation(
  store: MutationStore,
  args: z.output<typeof invitationSchema> & {
    role: 'manager' | 'intern';
    engagementId: string | null;
  },
  context: { actor: { membershipId: string }; at: string },
): Promise<void> {
  await store.insert('invitations', {
    orgId: store.orgId,
    id: args.invitationId,
    scope: deskScope,
    role: args.role,
    codeHash: args.codeHash,
    engagementId: args.engagementId,
    invitedName: args.invitedName,
    createdBy: context.actor.membershipId,
    createdAt: context.at,
    expiresAt: args.expiresAt,
    acceptedAt: null,
    acceptedBy: null,
    withdrawnAt: null,
  });
}

/**
 * Invites an intern to a project: the engagement exists from now on, so that tasks can be assigned before
 * the person has answered. Its terms are the project's of this moment; later edits of the project don't
 * change what was agreed.
 */
export const inviteIntern = defineMutation({
  name: 'engagement.invite',
  version: 1,
  schema: invitationSchema.extend({
    engagementId: idSchema,
    projectId: idSchema,
    invitedEmail: emailSchema.nullable(),
  }),
  by: employerRoles,
  label: 'Invite an intern',
  async apply(store, args, context) {
    const project = await getRow(store, 'projects', args.projectId);
    // SY-15: taken once before the project was closed, which may have come again first.
    if (project.closedAt !== null && context.acknowledged === null)
      throw new StintError(
        'refused',
        `the project "${project.title}" is closed; nobody can be invited to it`,
      );
    await store.insert('engagements', {
      orgId: store.orgId,
      id: args.engagementId,
      scope: engagementScope(args.engagementId),
      projectId: args.projectId,
      membershipId: null,
      invitedName: args.invitedName,
      invitedEmail: args.invitedEmail,
      status: 'invited',
      hourBudgetMinutes: project.hourBudgetMinutes,
      payKind: project.payKind,
      payAmountMinor: project.payAmountMinor,
      payCurrency: project.payCurrency,
      startsOn: project.startsOn,
      endsOn: project.endsOn,
      createdAt: context.at,
      agreedAt: null,
      endedAt: null,
      scopeText: null,
      agreementJson: null,
      offeredBy: context.actor.membershipId,
      confirmedHash: null,
      endReason: null,
    });
    await insertInvitation(store, { ...args, role: 'intern' }, context);
  },
});

export const inviteManager = defineMutation({
  name: 'member.inviteManager',
  version: 1,
  schema: invitationSchema,
  by: ['owner'],
  label: 'Invite a manager',
  async apply(store, args, context) {
    await insertInvitation(store, { ...args, role: 'manager', engagementId: null }, context);
  },
});

export const withdrawInvitationV1 = defineMutation({
  name: 'invitation.withdraw',
  version: 1,
  schema: z.object({ invitationId: idSchema }),
  by: employerRoles,
  label: 'Withdraw an invitation',
  async apply(store, { invitationId }, context) {
    const invitation = await getRow(store, 'invitations', invitationId);
    if (invitation.acceptedAt !== null)
      throw new StintError(
        'refused',
        `${invitation.invitedName} has accepted this invitation already`,
      );
    if (invitation.withdrawnAt === null)
      await store.patch('invitations', invitationId, { withdrawnAt: context.at });
    if (invitation.engagementId !== null) {
      const engagement = await getRow(store, 'engagements', invitation.engagementId);
      if (engagement.status === 'invited')
        await store.patch('engagements', engagement.id, {
          status: 'withdrawn',
          endedAt: context.at,
        });
    }
  },
});

export const completeEngagementV1 = defineMutation({
  name: 'engagement.complete',
  version: 1,
  schema: z.object({ engagementId: idSchema }),
  by: employerRoles,
  label: 'Complete an engagement',
  async apply(store, { engagementId }, context) {
    const engagement = await getRow(store, 'engagements', engagementId);
    if (engagement.status === 'completed') return;
    if (engagement.status !== 'active')
      throw new StintError(
        'refused',
        `this engagement is ${engagement.status}; only an active one can be completed`,
      );
    await store.patch('engagements', engagementId, { status: 'completed', endedAt: context.at });
  },
});

/** Ends an engagement before its time. The intern keeps a copy of their own unsent work (SY-10). */
export const withdrawEngagementV1 = defineMutation({
  name: 'engagement.withdraw',
  version: 1,
  schema: z.object({ engagementId: idSchema }),
  by: employerRoles,
  label: 'End an engagement early',
  async apply(store, { engagementId }, context) {
    const engagement = await getRow(store, 'engagements', engagementId);
    if (engagement.status === 'withdrawn') return;
    if (engagement.status === 'completed')
      throw new StintError(
        'refused',
        'this engagement is completed; it cannot be withdrawn any more',
      );
    await store.patch('engagements', engagementId, { status: 'withdrawn', endedAt: context.at });
  },
});
