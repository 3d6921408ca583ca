import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** SY-16: the id under which an account goes on as another device, chosen before the server is asked. */
export const workspaceNextDeviceMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    await sql.raw(`alter table "accounts" add column "nextDeviceId" text`).execute(db);
  },
};
