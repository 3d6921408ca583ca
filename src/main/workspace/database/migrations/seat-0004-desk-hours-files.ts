import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import {
  extendDomainSchemaToV3,
  indexesOfV3,
  tablesOfV3,
} from '../../../../shared/database/domain-schema-v3.ts';
import { createSearchSchema } from '../../search/search-sources.ts';

/** What a seat keeps of its own, beside the mirrored rows. */
const statements: readonly string[] = [
  `create table "historyEntries" (
    "seq" integer primary key, "mutationId" text not null, "name" text not null, "version" integer not null,
    "argsJson" text, "argsHash" text not null, "actorMembershipId" text not null, "deviceId" text,
    "deviceName" text, "claimedAt" text not null, "receivedAt" text not null, "hash" text not null)`,
  `create table "historyReach" (
    "only" integer primary key check ("only" = 1), "seq" integer not null, "hash" text not null,
    "fetchedAt" text not null)`,
  `create table "servedRows" (
    "mutationId" text not null, "tableName" text not null, "rowId" text not null, "beforeJson" text,
    primary key ("mutationId", "tableName", "rowId")) without rowid`,
  `alter table "seatState" add column "accountClosedAt" text`,
  `alter table "timers" add column "gapKind" text`,
  `alter table "timers" add column "zone" text`,
  `create table "keptTasks" ("taskId" text primary key, "isKept" integer not null)`,
  `create table "keptFiles" ("attachmentId" text primary key, "isKept" integer not null)`,
  `create table "endedUploads" (
    "sha256" text not null, "uploadUrl" text, "endedAt" text not null)`,
  `create table "promiseReminders" ("promise" text primary key, "remindedAt" text not null)`,
  `create table "timerQuestions" (
    "questionId" text primary key, "kind" text not null, "taskId" text not null, "timeEntryId" text not null,
    "note" text not null, "zone" text not null, "startedAt" text not null, "endedAt" text not null,
    "fromMs" integer, "untilMs" integer)`,
];

/**
 * What version 3 of the protocol brings. The cursors begin anew, since rows that came before lack the columns
 * which the domain tables got. Indexes and the planner's figures are of the same kind as in `seat-0003`.
 */
export const seatDeskHoursFilesMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    await extendDomainSchemaToV3(db);
    const note = async (table: string, index: string, figures: string) =>
      sql`insert into "sqlite_stat1" ("tbl", "idx", "stat") values (${table}, ${index}, ${figures})`.execute(
        db,
      );
    for (const table of tablesOfV3)
      await note(table, `sqlite_autoindex_${table}_1`, '100000 100000 1');
    for (const [table, ...columns] of indexesOfV3) {
      const name = `${table}By${columns.map((column) => `${column.charAt(0).toUpperCase()}${column.slice(1)}`).join('And')}`;
      await db.schema.createIndex(name).on(table).columns(columns).execute();
      await note(table, name, ['100000', '10', '2'].slice(0, columns.length + 1).join(' '));
    }
    for (const statement of [...statements, ...createSearchSchema()])
      await sql.raw(statement).execute(db);
    await sql`delete from "scopeCursors"`.execute(db);
    await sql.raw(`analyze "sqlite_master"`).execute(db);
  },
};
