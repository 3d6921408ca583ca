import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The installation's own database as it began. */
export const workspaceInitialMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    for (const statement of [
      `create table "accounts" (
        "accountKey" text primary key, "serverUrl" text not null, "accountId" text not null,
        "email" text not null, "deviceId" text not null, "isSample" integer not null, "signedOutAt" text,
        unique ("serverUrl", "accountId"))`,
      `create table "seats" (
        "seatId" text primary key, "accountKey" text not null references "accounts" ("accountKey"),
        "orgId" text not null, "membershipId" text not null, "role" text not null,
        "organizationName" text not null, "createdAt" text not null, unique ("accountKey", "orgId"))`,
      `create table "settings" ("name" text primary key, "valueJson" text not null)`,
      `create table "stagedFiles" (
        "stagedId" text primary key, "name" text not null, "sizeBytes" integer not null,
        "mediaType" text not null, "sha256" text not null, "createdAt" text not null)`,
      `create table "exports" (
        "fileName" text primary key, "seatId" text not null, "engagementId" text,
        "exportedAt" text not null, "sizeBytes" integer not null, "sha256" text not null)`,
    ]) {
      await sql.raw(statement).execute(db);
    }
  },
};
