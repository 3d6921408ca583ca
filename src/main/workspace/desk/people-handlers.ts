import type { Transaction } from 'kysely';
import type { peopleRequests } from '../../../shared/contract/people-requests.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { createInvitation } from './create-invitation.ts';
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

/** The code of an invitation that works no more is good for nothing. */
const createCodeRemoval =
  (invitationId: string) =>
  async (tx: Transaction<SeatDatabase>): Promise<void> => {
    await tx.deleteFrom('invitationCodes').where('invitationId', '=', invitationId).execute();
  };

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
        within: createCodeRemoval(invitationId),
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

  'people.leave': async ({ seatId, asksErasure }, workspace) => {
    const seat = getSeat(workspace, seatId);
    await seat.mutate('member.leave', { asksErasure }, { subject: seat.record.organizationName });
    return {};
  },

  'people.erase': async ({ seatId, membershipId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    // The name that is to be erased does not go into the list of what waits.
    await seat.mutate('member.erase', { membershipId }, { subject: '' });
    return {};
  },

  'people.eraseInvitation': async ({ seatId, invitationId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const options = { subject: '', within: createCodeRemoval(invitationId) };
    await seat.mutate('invitation.erase', { invitationId }, options);
    return {};
  },

  'people.exportOwnData': async ({ seatId }, workspace) =>
    exportOwnData(workspace, getSeat(workspace, seatId)),
} satisfies HandlersOf<PeopleRequests>;
