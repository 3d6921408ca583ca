import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { StintError } from '../../shared/errors.ts';
import { initialMigration } from './migrations/0001-initial.ts';
import { timeTravelMigration } from './migrations/0002-time-travel.ts';
import { deskHoursFilesMigration } from './migrations/0003-desk-hours-files.ts';
import { erasedDraftNamesMigration } from './migrations/0004-erased-draft-names.ts';
import { begunUploadsMigration } from './migrations/0005-begun-uploads.ts';
import { largeOrganizationsMigration } from './migrations/0006-large-organizations.ts';
import type { ServerTables } from './server-tables.ts';

/** In the order of their names. A migration that was released is never changed; the next one gets a file of its own. */
export const serverMigrations: Readonly<Record<string, Migration>> = {
  '0001-initial': initialMigration,
  '0002-time-travel': timeTravelMigration,
  '0003-desk-hours-files': deskHoursFilesMigration,
  '0004-erased-draft-names': erasedDraftNamesMigration,
  '0005-begun-uploads': begunUploadsMigration,
  '0006-large-organizations': largeOrganizationsMigration,
};

/**
 * Brings the database to this program's version, in one transaction.
 * @throws StintError `database_newer`, before anything was changed, when a newer program has written it.
 */
export async function migrateServerDatabase(
  db: Kysely<ServerTables>,
  subject: string,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...serverMigrations }) },
  });
  assertNoneUnknown(await listAppliedMigrations(db), subject);
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error) throw error;
  if (error !== undefined) throw new Error('the database could not be migrated', { cause: error });
}

/**
 * Looks whether the database is of this program's version, and changes nothing: to migrate is the server's own, since one
 * of an older version may be running on it.
 * @throws StintError `not_found` where it holds no server, `database_newer`, and `conflict` for an older one.
 */
export async function assertServerDatabaseCurrent(
  db: Kysely<ServerTables>,
  subject: string,
): Promise<void> {
  const applied = await listAppliedMigrations(db);
  assertNoneUnknown(applied, subject);
  if (applied.length === 0) throw new StintError('not_found', `${subject} holds no server`);
  const lacking = Object.keys(serverMigrations).find((name) => !applied.includes(name));
  if (lacking !== undefined)
    throw new StintError(
      'conflict',
      `${subject} is of an older version of Stint (it lacks the change "${lacking}"); stop its server and start this version's, which brings it up to date`,
    );
}

function assertNoneUnknown(applied: readonly string[], subject: string): void {
  const unknown = applied.find((name) => !Object.hasOwn(serverMigrations, name));
  if (unknown !== undefined)
    throw new StintError(
      'database_newer',
      `${subject} was written by a newer version of Stint (it has the change "${unknown}"); update this server`,
    );
}

async function listAppliedMigrations(db: Kysely<ServerTables>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const applied = await db
    .$extendTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute();
  return applied.map(({ name }) => name);
}

/**
 * Brings a database that nobody uses yet to a version: up to and with the migration `name`, or to the newest.
 * May run inside a transaction, and is then part of it.
 */
export async function migrateServerDatabaseTo(
  db: Kysely<ServerTables>,
  name: string | undefined,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...serverMigrations }) },
  });
  const { error } =
    name === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(name);
  if (error instanceof Error) throw error;
  if (error !== undefined) throw new Error('the database could not be migrated', { cause: error });
}
