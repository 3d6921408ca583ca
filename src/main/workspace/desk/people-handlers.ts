import { computeIsoInstant } from '../../../shared/ports.ts';
import { computeInvitationLink } from '../../../shared/protocol/endpoints.ts';
import type { peopleRequests } from '../../../shared/contract/people-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat, type Workspace } from '../engine/workspace.ts';
import type { MutateOptions, Seat } from '../seats/seat.ts';
import { exportOwnData } from './own-data-export.ts';
import { loadPeople } from './people.ts';

type PeopleRequests = typeof peopleRequests &
  Record<
    | 'people.list'
    | 'people.inviteIntern'
    | 'people.inviteManager'
    | 'people.withdrawInvitation'
    | 'people.remove',
    unknown
  >;

interface NewInvitation {
  readonly invitationId: string;
  readonly codeHash: string;
  readonly invitedName: string;
  readonly expiresAt: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * A new invitation and its link. The code goes to this computer's database in the invitation's own
 * transaction, and nowhere else: the organization knows its hash.
 */
function createInvitation(
  workspace: Workspace,
  seat: Seat,
  wanted: { readonly name: string; readonly validDays: number },
): { invitation: NewInvitation; link: string; options: MutateOptions } {
  const { randomness, clock, sha256Hex } = workspace.ports;
  const code = Buffer.from(randomness.bytes(32)).toString('base64url');
  const invitationId = randomness.uuid();
  return {
    invitation: {
      invitationId,
      codeHash: sha256Hex(code),
      invitedName: wanted.name,
      expiresAt: computeIsoInstant(clock.nowMs() + wanted.validDays * dayMs),
    },
    link: computeInvitationLink(seat.record.serverUrl, code),
    options: {
      subject: wanted.name,
      within: async (tx) => {
        await tx.insertInto('invitationCodes').values({ invitationId, code }).execute();
      },
    },
  };
}

async function findMemberName(seat: Seat, membershipId: string): Promise<string> {
  const member = await seat.db
    .selectFrom('memberships')
    .select('displayName')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', membershipId)
    .executeTakeFirst();
  return member?.displayName ?? '';
}

async function findInvitedName(seat: Seat, invitationId: string): Promise<string> {
  const row = await seat.db
    .selectFrom('invitations')
    .select('invitedName')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', invitationId)
    .executeTakeFirst();
  return row?.invitedName ?? '';
}

export const peopleHandlers = {
  'people.list': async ({ seatId }, workspace) =>
    loadPeople(getSeat(workspace, seatId), computeNow(workspace)),

  'people.inviteIntern': async ({ seatId, projectId, email, ...wanted }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { invitation, link, options } = createInvitation(workspace, seat, wanted);
    const engagementId = workspace.ports.randomness.uuid();
    await seat.mutate(
      'engagement.invite',
      { ...invitation, engagementId, projectId, invitedEmail: email },
      options,
    );
    return { invitationId: invitation.invitationId, engagementId, link };
  },

  'people.inviteManager': async ({ seatId, ...wanted }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { invitation, link, options } = createInvitation(workspace, seat, wanted);
    await seat.mutate('member.inviteManager', invitation, options);
    return { invitationId: invitation.invitationId, link };
  },

  'people.withdrawInvitation': async ({ seatId, invitationId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    await seat.mutate(
      'invitation.withdraw',
      { invitationId },
      {
        subject: await findInvitedName(seat, invitationId),
        within: async (tx) => {
          await tx.deleteFrom('invitationCodes').where('invitationId', '=', invitationId).execute();
        },
      },
    );
    return {};
  },

  'people.remove': async ({ seatId, membershipId, reason }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = await findMemberName(seat, membershipId);
    await seat.mutate('member.remove', { membershipId, reason }, { subject });
    return {};
  },

  'people.setRole': async ({ seatId, membershipId, role }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = await findMemberName(seat, membershipId);
    await seat.mutate('member.setRole', { membershipId, role }, { subject });
    return {};
  },

  'people.leave': async ({ seatId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    await seat.mutate('member.leave', {}, { subject: seat.record.organizationName });
    return {};
  },

  'people.erase': async ({ seatId, membershipId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    // The name that is to be erased does not go into the list of what waits.
    await seat.mutate('member.erase', { membershipId }, { subject: '' });
    return {};
  },

  'people.exportOwnData': async ({ seatId }, workspace) =>
    exportOwnData(workspace, getSeat(workspace, seatId)),
} satisfies HandlersOf<PeopleRequests>;
