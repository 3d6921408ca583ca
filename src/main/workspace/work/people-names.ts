import type { Person } from '../../../shared/contract/shapes.ts';
import type { Seat } from '../seats/seat.ts';

/** The people whose membership this seat may see, by membership id. */
export async function loadPeopleByMembership(seat: Seat): Promise<Map<string, Person>> {
  const rows = await seat.db
    .selectFrom('memberships')
    .select(['id', 'displayName', 'email', 'timeZone'])
    .where('orgId', '=', seat.record.orgId)
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      { membershipId: row.id, name: row.displayName, email: row.email, timeZone: row.timeZone },
    ]),
  );
}

/** The organization's name as it is now; before the first pull, as it was at sign-in. */
export async function loadOrganizationName(seat: Seat): Promise<string> {
  const row = await seat.db
    .selectFrom('organizations')
    .select('name')
    .where('orgId', '=', seat.record.orgId)
    .executeTakeFirst();
  return row?.name ?? seat.record.organizationName;
}
