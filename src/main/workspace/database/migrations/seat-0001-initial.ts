import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createDomainSchemaV1 } from '../../../../shared/database/domain-schema-v1.ts';

/** The seat's database as it began: the mirrored rows, the outbox and what keeps them in step. */
export const seatInitialMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    await createDomainSchemaV1(db);
    for (const statement of [
      `create table "outbox" (
        "deviceSeq" integer primary key, "id" text not null unique, "name" text not null,
        "version" integer not null, "argsJson" text not null, "argsHash" text not null,
        "previousHash" text not null, "rowHash" text not null, "claimedAt" text not null,
        "bootId" text not null, "monotonicMs" real not null, "baseSeq" integer not null)`,
      // SY-3: the promise is kept by the database, not by care.
      `create trigger "outboxIsNeverRewritten" before update on "outbox"
        begin select raise(abort, 'SY-3: outbox rows are never rewritten'); end`,
      `create table "outboxStates" (
        "mutationId" text primary key references "outbox" ("id"), "deviceSeq" integer not null,
        "state" text not null, "subject" text not null, "seq" integer, "code" text, "message" text,
        "field" text, "answeredAt" text, "replayProblem" text)`,
      `create index "outboxStatesByState" on "outboxStates" ("state", "deviceSeq")`,
      `create table "outboxTouches" (
        "mutationId" text not null references "outbox" ("id"), "tableName" text not null,
        "rowId" text not null, "creates" integer not null,
        primary key ("mutationId", "tableName", "rowId")) without rowid`,
      `create index "outboxTouchesByRow" on "outboxTouches" ("tableName", "rowId", "mutationId")`,
      `create table "undo" (
        "undoId" integer primary key autoincrement, "mutationId" text not null references "outbox" ("id"),
        "tableName" text not null, "rowId" text not null, "beforeJson" text)`,
      `create index "undoByMutation" on "undo" ("mutationId", "undoId")`,
      `create table "scopeCursors" ("scope" text primary key, "seq" integer not null) without rowid`,
      `create table "seatState" (
        "only" integer primary key check ("only" = 1), "headSeq" integer not null,
        "headHash" text not null, "lastSyncedAt" text, "accessLostAt" text)`,
      `insert into "seatState" values (1, 0, '', null, null)`,
      `create table "uploads" (
        "sha256" text primary key, "sizeBytes" integer not null, "name" text not null,
        "uploadUrl" text, "sentBytes" integer not null, "attempts" integer not null, "problem" text,
        "queuedAt" text not null, "finishedAt" text) without rowid`,
      `create table "invitationCodes" ("invitationId" text primary key, "code" text not null) without rowid`,
      `create table "timers" (
        "timeEntryId" text primary key, "taskId" text not null, "startedAt" text not null,
        "note" text not null, "bootId" text not null, "startedMonotonicMs" real not null,
        "lastSeenAt" text not null, "lastSeenMonotonicMs" real not null,
        "carriedSeconds" real not null, "gapLastSeenAt" text, "gapResumedAt" text)`,
    ]) {
      await sql.raw(statement).execute(db);
    }
    // SY-10: dropping a scope, and the drift check, go by scope.
    for (const table of await db.introspection.getTables()) {
      if (table.columns.some((column) => column.name === 'scope') && table.name !== 'scopeCursors')
        await sql
          .raw(`create index "${table.name}ByScope" on "${table.name}" ("scope")`)
          .execute(db);
    }
  },
};
