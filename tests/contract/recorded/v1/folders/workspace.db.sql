CREATE TABLE "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);
insert into "kysely_migration" values ('workspace-0001-initial', '2026-11-23T05:36:24.228Z');
CREATE TABLE "kysely_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);
insert into "kysely_migration_lock" values ('migration_lock', 0);
CREATE TABLE "accounts" (
        "accountKey" text primary key, "serverUrl" text not null, "accountId" text not null,
        "email" text not null, "deviceId" text not null, "isSample" integer not null, "signedOutAt" text,
        unique ("serverUrl", "accountId"));
insert into "accounts" values ('01a206e7-cdd9-75a2-b09f-e07335350e6c', '{server}', '01a206e7-cdd6-7a53-b3cb-8a436f53feef', 'ines@example.org', '01a206e7-cdb4-7abd-968e-4a876aee857b', 0, null);
CREATE TABLE "seats" (
        "seatId" text primary key, "accountKey" text not null references "accounts" ("accountKey"),
        "orgId" text not null, "membershipId" text not null, "role" text not null,
        "organizationName" text not null, "createdAt" text not null, unique ("accountKey", "orgId"));
insert into "seats" values ('01a206e7-cde2-7c60-adb6-613a698ff90c', '01a206e7-cdd9-75a2-b09f-e07335350e6c', '01a206e7-cd02-7037-9695-a2ec4d18a85b', '01a206e7-cddb-79f5-8adb-3a6f859df794', 'intern', 'Acorn & Söhne', '2026-11-23T05:36:24.546Z');
CREATE TABLE "settings" ("name" text primary key, "valueJson" text not null);
CREATE TABLE "stagedFiles" (
        "stagedId" text primary key, "name" text not null, "sizeBytes" integer not null,
        "mediaType" text not null, "sha256" text not null, "createdAt" text not null);
CREATE TABLE "exports" (
        "fileName" text primary key, "seatId" text not null, "engagementId" text,
        "exportedAt" text not null, "sizeBytes" integer not null, "sha256" text not null);
