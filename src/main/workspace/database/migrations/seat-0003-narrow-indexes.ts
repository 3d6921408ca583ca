import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the queries of a seat look up in the mirrored rows, beyond the primary key. */
const indexes: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['engagements', 'membershipId'],
  ['engagements', 'projectId'],
  ['tasks', 'engagementId', 'position'],
  ['deadlines', 'taskId'],
  ['extensions', 'taskId'],
  ['briefVersions', 'taskId', 'version'],
  ['briefAcknowledgements', 'taskId'],
  ['attachments', 'ownerId'],
  ['attachments', 'taskId'],
  ['attachments', 'sha256'],
  ['submissions', 'taskId', 'revision'],
  ['receipts', 'submissionId'],
  ['reviews', 'submissionId'],
  ['reviews', 'taskId'],
  ['timeEntries', 'engagementId', 'startedAt'],
  ['timeEntries', 'taskId'],
  ['timeEntries', 'startedAt'],
  ['fieldEdits', 'rowId'],
];

/**
 * A seat holds one organization, so its indexes begin with what tells rows apart; that was 36 bytes in each entry,
 * and more than half of the time that a first synchronisation spent writing. Rows are looked for by their scope only
 * when one has left this person's sight, and then all are looked through.
 *
 * The planner has to be told: all rows have the same `orgId`, and without figures it may take the primary key
 * for as good a way to them as any. The figures are fixed ones (sqlite.org/lang_analyze.html, section 2.1): they
 * describe the kind of the data, not this seat's, so every seat plans alike.
 */
export const seatNarrowIndexesMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    const { rows: mirrored } = await sql<{ name: string }>`
      select "name" from "sqlite_master" where "type" = 'table' and "sql" like '%constraint "%_pk" primary key%'`.execute(
      db,
    );
    const tables = mirrored.map(({ name }) => name);
    for (const table of tables) {
      const { rows } = await sql<{ name: string }>`
        select "name" from "sqlite_master"
        where "type" = 'index' and "tbl_name" = ${table} and "sql" is not null`.execute(db);
      for (const { name } of rows) await sql.raw(`drop index "${name}"`).execute(db);
    }
    // On an empty table this makes the table of figures, and none of them.
    await sql.raw(`analyze "kysely_migration_lock"`).execute(db);
    await sql.raw(`delete from "sqlite_stat1"`).execute(db);
    const note = async (table: string, index: string, figures: string) =>
      sql`insert into "sqlite_stat1" ("tbl", "idx", "stat") values (${table}, ${index}, ${figures})`.execute(
        db,
      );
    for (const table of tables) await note(table, `sqlite_autoindex_${table}_1`, '100000 100000 1');
    for (const [table, ...columns] of indexes) {
      const name = `${table}By${columns.map((column) => `${column.charAt(0).toUpperCase()}${column.slice(1)}`).join('And')}`;
      await db.schema.createIndex(name).on(table).columns(columns).execute();
      await note(table, name, ['100000', '10', '2'].slice(0, columns.length + 1).join(' '));
    }
    // The connection reads them at its next opening by itself.
    await sql.raw(`analyze "sqlite_master"`).execute(db);
  },
};
