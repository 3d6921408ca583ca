import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the installation's own database needs for files of any size, hours and the employer's desk. */
const statements: readonly string[] = [
  `create table "bundleJobs" (
    "jobId" text primary key, "seatId" text not null, "requestJson" text not null, "startedAt" text not null)`,
];

export const workspaceDeskHoursFilesMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
