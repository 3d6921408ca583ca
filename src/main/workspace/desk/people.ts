import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { computeInvitationLink } from '../../../shared/protocol/endpoints.ts';
import type { Seat } from '../seats/seat.ts';
import { loadEngagements } from '../work/engagements.ts';
import { loadSyncMarks } from '../work/sync-marks.ts';

type People = RequestOutput<'people.list'>;

async function loadMembers(seat: Seat): Promise<People['members']> {
  const rows = await seat.db
    .selectFrom('memberships')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .orderBy('joinedAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    person: {
      membershipId: row.id,
      name: row.displayName,
      email: row.email,
      timeZone: row.timeZone,
    },
    role: row.role,
    status: row.status,
    joinedAt: row.joinedAt,
    erasureAskedAt: row.erasedAt === null ? row.erasureAskedAt : null,
  }));
}

function computeInvitationState(
  invitation: Pick<DomainRow<'invitations'>, 'acceptedAt' | 'withdrawnAt' | 'expiresAt'> & {
    readonly engagementStatus: DomainRow<'engagements'>['status'] | null;
  },
  now: string,
): People['invitations'][number]['state'] {
  if (invitation.acceptedAt !== null) return 'accepted';
  // An engagement that was ended before anybody joined takes its invitation along.
  if (invitation.withdrawnAt !== null || invitation.engagementStatus === 'withdrawn')
    return 'withdrawn';
  return invitation.expiresAt < now ? 'expired' : 'open';
}

/** Newest first. The link only on the computer that made it, while the invitation is open. */
async function loadInvitations(seat: Seat, now: string): Promise<People['invitations']> {
  const rows = await seat.db
    .selectFrom('invitations')
    .leftJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'invitations.orgId')
        .onRef('engagements.id', '=', 'invitations.engagementId'),
    )
    .selectAll('invitations')
    .select('engagements.status as engagementStatus')
    .where('invitations.orgId', '=', seat.record.orgId)
    .orderBy('invitations.createdAt', 'desc')
    .orderBy('invitations.id', 'desc')
    .execute();
  const codes = await seat.db.selectFrom('invitationCodes').selectAll().execute();
  const codeById = new Map(codes.map(({ invitationId, code }) => [invitationId, code]));
  const marks = await loadSyncMarks(seat, 'invitations', { byCreationOnly: true });
  return rows.map((row) => {
    const state = computeInvitationState(row, now);
    const code = codeById.get(row.id);
    return {
      invitationId: row.id,
      role: row.role,
      invitedName: row.invitedName,
      engagementId: row.engagementId,
      state,
      createdAt: row.createdAt,
      expiresAt: row.expiresAt,
      link:
        state === 'open' && code !== undefined
          ? computeInvitationLink(seat.record.serverUrl, code)
          : null,
      isOnServer: marks.get(row.id) === 'on_the_server',
    };
  });
}

export async function loadPeople(seat: Seat, now: string): Promise<People> {
  return {
    members: await loadMembers(seat),
    engagements: await loadEngagements(seat, {}),
    invitations: await loadInvitations(seat, now),
  };
}
