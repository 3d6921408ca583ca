import { type Kysely, sql, SqliteAdapter } from 'kysely';
import type { Migration } from 'kysely/migration';

const indexes = [
  // Every workspace asks again and again which of its person's files have not arrived: few among all there are.
  `create index if not exists "attachments_absent" on "attachments" ("orgId", "createdBy")
   where "arrivedAt" is null and "removedAt" is null`,
  // Who has given a content is asked for each that is collected.
  `create index if not exists "fileGrants_by_orgId_sha256" on "fileGrants" ("orgId", "sha256")`,
  // An erasure looks through what was refused: little of what was answered.
  `create index if not exists "mutationResults_rejected" on "mutationResults" ("orgId")
   where "status" = 'rejected'`,
  // Asked at every step of an upload by somebody whose access has ended.
  `create index if not exists "quarantinedChanges_by_orgId_membershipId"
   on "quarantinedChanges" ("orgId", "membershipId")`,
];

/** What an organization of a million rows is looked up by, beyond what was there. */
export const largeOrganizationsMigration: Migration = {
  async up(db) {
    for (const statement of indexes) await sql.raw(statement).execute(db);
    if (db.getExecutor().adapter instanceof SqliteAdapter) await noteFigures(db);
  },
};

/**
 * Tells SQLite's planner that an organization holds many rows and anything within it few: without figures it reads all
 * of an organization's rows where they are wanted in the order of their ids. The figures are fixed ones
 * (sqlite.org/lang_analyze.html, section 2.1), so that every server plans alike. PostgreSQL counts for itself.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
async function noteFigures(db: Kysely<any>): Promise<void> {
  // On an empty table this makes the table of figures, and none of them.
  await sql.raw(`analyze "kysely_migration_lock"`).execute(db);
  await sql.raw(`delete from "sqlite_stat1"`).execute(db);
  const { rows } = await sql<{ table: string; index: string; isUnique: number; columns: string }>`
    select "tables"."name" as "table", "list"."name" as "index", "list"."unique" as "isUnique",
      (select group_concat("name", ' ') from pragma_index_info("list"."name")) as "columns"
    from "sqlite_master" as "tables", pragma_index_list("tables"."name") as "list"
    where "tables"."type" = 'table' and "tables"."sql" like '%primary key ("orgId", "id")%'
    order by 1, 2`.execute(db);
  for (const { table, index, isUnique, columns } of rows)
    await sql`
      insert into "sqlite_stat1" ("tbl", "idx", "stat")
      values (${table}, ${index}, ${computeFigures(columns.split(' '), isUnique === 1)})`.execute(
      db,
    );
  // The connection reads them at its next opening by itself.
  await sql.raw(`analyze "sqlite_master"`).execute(db);
}

/** How many rows there are, and how many of them share the first columns, the first two, and so on. */
function computeFigures(columns: readonly string[], isUnique: boolean): string {
  const shared = columns.map((column, place) => {
    if (isUnique && place === columns.length - 1) return 1;
    if (column === 'orgId') return 100_000;
    return place === columns.length - 1 && place > 1 ? 2 : 10;
  });
  return [1_000_000, ...shared].join(' ');
}
