import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { extendDomainSchemaToV2 } from '../../../../shared/database/domain-schema-v2.ts';

/**
 * What a seat needs for time travel (SY-15), anchors (SY-17), the drift check (SY-14) and the vault (SY-10).
 * The cursors begin anew, since rows that came before lack the columns which the domain tables got.
 */
export const seatTimeTravelMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    await extendDomainSchemaToV2(db);
    for (const statement of [
      `create index "quarantinedChangesByScope" on "quarantinedChanges" ("scope")`,
      `alter table "outbox" add column "anchorJson" text`,
      `alter table "outboxStates" add column "acknowledgedSeq" integer`,
      `create table "knownHeads" (
        "seq" integer primary key, "hash" text not null, "reachedAt" text not null)`,
      `create table "heldAnchors" (
        "only" integer primary key check ("only" = 1), "statementJson" text not null, "keyId" text not null,
        "signature" text not null, "bootId" text not null, "monotonicMs" real not null,
        "heldSince" text not null)`,
      `create table "vaultItems" (
        "vaultId" text primary key, "taskId" text not null, "taskTitle" text not null,
        "projectTitle" text not null, "contentJson" text not null, "movedAt" text not null,
        "exportedAt" text) without rowid`,
      `alter table "seatState" add column "driftCheckedAt" text`,
      `alter table "seatState" add column "statedHeadSeq" integer not null default 0`,
      `alter table "seatState" add column "statedHeadHash" text not null default ''`,
      `create table "acknowledgedReceipts" (
        "mutationId" text primary key references "outbox" ("id"), "statementJson" text not null,
        "keyId" text not null, "signature" text not null) without rowid`,
      `create index "undoByRow" on "undo" ("tableName", "rowId", "undoId")`,
      // What a settled mutation read says nothing any more, and would be looked through at every page.
      `delete from "outboxTouches" where "creates" = 0 and "mutationId" in
        (select "mutationId" from "outboxStates" where "state" = 'settled')`,
      `delete from "scopeCursors"`,
    ])
      await sql.raw(statement).execute(db);
  },
};
