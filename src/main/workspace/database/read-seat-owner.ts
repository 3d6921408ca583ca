import Database from 'better-sqlite3';

export interface SeatOwner {
  readonly accountId: string;
  readonly orgId: string;
  readonly membershipId: string;
  readonly role: string;
  readonly organizationName: string;
}

/**
 * Whose a seat's database is, by its own rows: the one private scope that is pulled into it, and that person's membership.
 * Undefined where it does not tell, or cannot be read. Nothing is written.
 */
export function readSeatOwner(path: string): SeatOwner | undefined {
  let connection: Database.Database | undefined;
  try {
    connection = new Database(path, { readonly: true, fileMustExist: true });
    const owners = connection
      .prepare(
        `select m."accountId", m."orgId", m."id" as "membershipId", m."role", o."name" as "organizationName"
         from "scopeCursors" c
         join "memberships" m on c."scope" = 'private:' || m."id"
         join "organizations" o on o."orgId" = m."orgId"`,
      )
      .all() as SeatOwner[];
    return owners.length === 1 ? owners[0] : undefined;
  } catch {
    return undefined;
  } finally {
    connection?.close();
  }
}
