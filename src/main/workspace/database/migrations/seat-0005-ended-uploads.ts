import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Of an ended sending, whether the server had the content before. Of those ended earlier nothing says so. */
export const seatEndedUploadsMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    await sql`alter table "endedUploads" add column "wasThere" integer not null default 0`.execute(
      db,
    );
  },
};
