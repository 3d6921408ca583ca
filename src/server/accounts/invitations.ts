import type { Kysely } from 'kysely';
import type { DomainRow } from '../../shared/database/domain-tables.ts';
import { StintError } from '../../shared/errors.ts';
import { computePay } from '../../shared/mutations/project-mutations.ts';
import { type Agreement, parseAgreement } from '../../shared/domain/agreement.ts';
import { acceptAgreement } from '../../shared/mutations/agreement-mutations.ts';
import { computeTermsThatHold } from '../../shared/mutations/terms-that-hold.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import type { InvitationDetails, MembershipSummary } from '../../shared/protocol/accounts.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import type { ServerTables } from '../database/server-tables.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { findMembership } from '../sync/membership-lookup.ts';
import type { OrganizationSession, OrganizationWriter } from '../sync/organization-writer.ts';
import { runServerMutation } from '../sync/run-server-mutation.ts';
import { assertAccountOpen } from './account-closed.ts';

type Reader = Kysely<ServerTables>;

/**
 * The invitation that a code opens.
 * @throws StintError `invitation_unknown`
 */
async function getInvitation(db: Reader, code: string): Promise<DomainRow<'invitations'>> {
  const invitation = await db
    .selectFrom('invitations')
    .selectAll()
    .where('codeHash', '=', sha256Hex(code))
    // A hash copied into another organization does not take an invitation over.
    .orderBy('createdAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (invitation === undefined)
    throw new StintError(
      'invitation_unknown',
      'this server does not know this invitation; check that the link was copied whole',
    );
  return invitation;
}

function assertOpen(invitation: DomainRow<'invitations'>, nowMs: number): void {
  if (invitation.withdrawnAt !== null)
    throw new StintError(
      'invitation_withdrawn',
      'this invitation was withdrawn by the organization; ask them for a new one',
    );
  if (invitation.acceptedAt !== null)
    throw new StintError(
      'invitation_used',
      'this invitation was used already; an invitation works once',
    );
  if (invitation.expiresAt < computeIsoInstant(nowMs))
    throw new StintError(
      'invitation_expired',
      `this invitation expired at ${invitation.expiresAt}; ask the organization for a new one`,
    );
}

/** Accepting would be refused: nobody is to make an account for it before. */
async function assertEngagementOffered(
  db: Reader,
  { orgId, engagementId }: DomainRow<'invitations'>,
): Promise<void> {
  if (engagementId === null) return;
  const engagement = await db
    .selectFrom('engagements')
    .select('status')
    .where('orgId', '=', orgId)
    .where('id', '=', engagementId)
    .executeTakeFirst();
  if (engagement?.status !== 'invited')
    throw new StintError(
      'invitation_withdrawn',
      'the organization has ended the engagement that this invitation is for; ask them for a new one',
    );
}

/** @throws StintError `invitation_unknown`, `invitation_withdrawn`, `invitation_used` or `invitation_expired` */
export async function getOpenInvitation(
  db: Reader,
  ports: ServerPorts,
  code: string,
): Promise<DomainRow<'invitations'>> {
  const invitation = await getInvitation(db, code);
  assertOpen(invitation, ports.clock.nowMs());
  await assertEngagementOffered(db, invitation);
  return invitation;
}

/** What an invited person sees before they decide. Throws as `getOpenInvitation` does. */
export async function inspectInvitation(
  database: ServerDatabase,
  ports: ServerPorts,
  code: string,
): Promise<InvitationDetails> {
  return await database.read(async (trx) => {
    const invitation = await getOpenInvitation(trx, ports, code);
    const { orgId } = invitation;
    const organization = await trx
      .selectFrom('organizations')
      .select('name')
      .where('orgId', '=', orgId)
      .executeTakeFirstOrThrow();
    const inviter = await trx
      .selectFrom('memberships')
      .select('displayName')
      .where('orgId', '=', orgId)
      .where('id', '=', invitation.createdBy)
      .executeTakeFirst();
    return {
      organizationName: organization.name,
      role: invitation.role,
      invitedName: invitation.invitedName,
      invitedBy: inviter?.displayName ?? organization.name,
      expiresAt: invitation.expiresAt,
      project: await findInvitedProject(trx, orgId, invitation.engagementId),
      agreement: await findAgreement(trx, orgId, invitation.engagementId),
    };
  });
}

/** Everything that was offered, as it was written down when the person was invited. */
async function findAgreement(
  trx: Reader,
  orgId: string,
  engagementId: string | null,
): Promise<Agreement | null> {
  if (engagementId === null) return null;
  const engagement = await trx
    .selectFrom('engagements')
    .select('agreementJson')
    .where('orgId', '=', orgId)
    .where('id', '=', engagementId)
    .executeTakeFirst();
  return parseAgreement(engagement?.agreementJson ?? null);
}

/** The terms of the engagement offered, as they were written down for this person. */
async function findInvitedProject(
  trx: Reader,
  orgId: string,
  engagementId: string | null,
): Promise<InvitationDetails['project']> {
  if (engagementId === null) return null;
  const engagement = await trx
    .selectFrom('engagements')
    .selectAll()
    .where('orgId', '=', orgId)
    .where('id', '=', engagementId)
    .executeTakeFirst();
  if (engagement === undefined) return null;
  const project = await trx
    .selectFrom('projects')
    .selectAll()
    .where('orgId', '=', orgId)
    .where('id', '=', engagement.projectId)
    .executeTakeFirst();
  const terms = computeTermsThatHold(engagement, project);
  if (terms === undefined) return null;
  return {
    title: terms.title,
    brief: terms.brief,
    category: terms.category,
    hourBudgetMinutes: engagement.hourBudgetMinutes,
    pay: computePay(engagement),
    startsOn: engagement.startsOn,
    endsOn: engagement.endsOn,
    timeZone: terms.timeZone,
  };
}

/**
 * Makes the person a member, with the membership id of their choice unless they are one already.
 * Accepting again answers the membership that the invitation made.
 * @throws StintError as `getOpenInvitation`; `conflict` for a member in another role, or a membership
 * id that is another person's.
 */
export async function acceptInvitationByCode(
  dependencies: {
    readonly database: ServerDatabase;
    readonly ports: ServerPorts;
    readonly writer: OrganizationWriter;
  },
  account: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly timeZone: string;
  },
  request: {
    readonly code: string;
    readonly membershipId: string;
    readonly agreementHash: string | null;
  },
): Promise<MembershipSummary> {
  const { database, ports, writer } = dependencies;
  const { orgId } = await getInvitation(database.db, request.code);
  return await writer.write(orgId, async (session) => {
    if (session === undefined) throw new Error('an invitation of an organization without a head');
    await assertAccountOpen(session.trx, account.id);
    // Read again under the lock: two people may hold the same link.
    const invitation = await getInvitation(session.trx, request.code);
    const own = await findMembership(session.trx, orgId, account.id);
    const isRepeated = own?.status === 'active' && invitation.acceptedBy === own.id;
    if (!isRepeated) {
      assertOpen(invitation, ports.clock.nowMs());
      const membershipId = own?.id ?? (await getFreeMembershipId(session, request.membershipId));
      await runServerMutation(
        session,
        ports,
        acceptAgreement,
        {
          invitationId: invitation.id,
          role: invitation.role,
          agreementHash: request.agreementHash,
          person: { displayName: account.name, email: account.email, timeZone: account.timeZone },
        },
        { accountId: account.id, membershipId, role: invitation.role },
      );
    }
    return await getMembershipSummary(session.trx, orgId, account.id);
  });
}

async function getFreeMembershipId(
  session: OrganizationSession,
  membershipId: string,
): Promise<string> {
  const taken = await session.trx
    .selectFrom('memberships')
    .select('id')
    .where('orgId', '=', session.orgId)
    .where('id', '=', membershipId)
    .executeTakeFirst();
  if (taken !== undefined)
    throw new StintError('conflict', `the membership id ${membershipId} is in use already`, {
      field: 'membershipId',
    });
  return membershipId;
}

export async function getMembershipSummary(
  db: Reader,
  orgId: string,
  accountId: string,
): Promise<MembershipSummary> {
  return await db
    .selectFrom('memberships')
    .innerJoin('organizations', 'organizations.orgId', 'memberships.orgId')
    .select([
      'memberships.orgId as orgId',
      'memberships.id as membershipId',
      'memberships.role as role',
      'organizations.name as organizationName',
    ])
    .where('memberships.orgId', '=', orgId)
    .where('memberships.accountId', '=', accountId)
    .executeTakeFirstOrThrow();
}
