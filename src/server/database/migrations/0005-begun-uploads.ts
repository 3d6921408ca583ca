import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whoever begins an upload is asked how many they have begun and not finished: few among all that are remembered. */
export const begunUploadsMigration: Migration = {
  async up(db) {
    await sql`
      create index if not exists "uploads_begun" on "uploads" ("accountId")
      where "finishedAt" is null`.execute(db);
  },
};
