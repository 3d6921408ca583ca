import type { Seat as SeatItem } from '../../../shared/contract/shapes.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';

/** A seat as the interface shows it; names come from the mirrored rows as soon as these are here. */
export async function loadSeatItem(workspace: Workspace, seat: Seat): Promise<SeatItem> {
  const { record } = seat;
  const membership = await seat.db
    .selectFrom('memberships')
    .select(['displayName', 'timeZone', 'role'])
    .where('orgId', '=', record.orgId)
    .where('id', '=', record.membershipId)
    .executeTakeFirst();
  const organization = await seat.db
    .selectFrom('organizations')
    .select(['name', 'timeZone'])
    .where('id', '=', record.orgId)
    .executeTakeFirst();
  const { accountClosedAt } = await seat.db
    .selectFrom('seatState')
    .select('accountClosedAt')
    .executeTakeFirstOrThrow();
  return {
    seatId: record.seatId,
    orgId: record.orgId,
    membershipId: record.membershipId,
    organizationName: organization?.name ?? record.organizationName,
    serverUrl: record.serverUrl,
    role: membership?.role ?? record.role,
    displayName: membership?.displayName ?? record.email,
    email: record.email,
    timeZone: membership?.timeZone ?? organization?.timeZone ?? 'UTC',
    isSample: record.isSample,
    isAccountClosed: accountClosedAt !== null,
    sync: await workspace.sync.computeSeatSync(record.seatId),
  };
}
