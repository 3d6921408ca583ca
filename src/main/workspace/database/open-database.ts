import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { ImmediateSqliteDialect } from '../../../shared/database/immediate-sqlite-dialect.ts';
import { StintError } from '../../../shared/errors.ts';
import { isUnused, keepImage, placeImage } from './new-database-image.ts';

export interface OpenedDatabase<Tables> {
  readonly db: Kysely<Tables>;
  /** The connection itself, for bulk statements; the same one that `db` uses. */
  readonly connection: Database.Database;
  close(): Promise<void>;
}

/** SY-2, at every open. better-sqlite3 is compiled to fall back to NORMAL after the first write in WAL. */
export function applyDurabilityPragmas(connection: Database.Database): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('busy_timeout = 5000');
  // On other systems than macOS this changes nothing; there fsync alone leaves data in the drive's cache.
  connection.pragma('fullfsync = ON');
  connection.pragma('checkpoint_fullfsync = ON');
}

function describeOpenFailure(error: unknown, path: string): StintError {
  const code = (error as { code?: string }).code ?? '';
  if (
    code.startsWith('SQLITE_READONLY') ||
    code === 'SQLITE_CANTOPEN' ||
    code === 'EACCES' ||
    code === 'EROFS'
  )
    return new StintError(
      'workspace_unwritable',
      `the database ${path} cannot be written: expected a folder in which this user may write (${code})`,
      { cause: error },
    );
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
    return new StintError(
      'database_damaged',
      `${path} is not an intact SQLite database (${code}); it was left as it is`,
      { cause: error },
    );
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return new StintError('disk_full', `the disk that holds ${path} is full`, { cause: error });
  return new StintError('internal', `the database ${path} could not be opened (${code})`, {
    cause: error,
  });
}

/**
 * Opens a database, makes it durable (SY-2) and brings it to the newest version.
 *
 * @param migrations name → migration, in the order of their names; one file and one test each.
 * @param beforeMigration SY-20: called with the path of a database that exists and is about to be migrated; when
 * it rejects, nothing is migrated.
 * @throws StintError `database_newer` when it holds a migration that this program does not know (nothing
 * is touched then), `workspace_unwritable`, `database_damaged`, `disk_full`.
 */
export async function openDatabase<Tables>(
  path: string,
  migrations: Readonly<Record<string, Migration>>,
  beforeMigration?: (path: string) => Promise<void>,
): Promise<OpenedDatabase<Tables>> {
  let connection: Database.Database | undefined;
  const isNew = isUnused(path);
  try {
    if (isNew) await placeImage(path, migrations);
    connection = new Database(path);
    assertNotNewer(connection, path, migrations);
    const applied = listAppliedMigrations(connection);
    const isBehind = Object.keys(migrations).some((name) => !applied.includes(name));
    if (applied.length > 0 && isBehind) await beforeMigration?.(path);
    applyDurabilityPragmas(connection);
    const db = new Kysely<Tables>({
      dialect: new ImmediateSqliteDialect({ database: connection }),
    });
    await migrate(db, connection, migrations);
    if (isNew) keepImage(connection, migrations);
    return { db, connection, close: () => db.destroy() };
  } catch (error) {
    connection?.close();
    throw error instanceof StintError ? error : describeOpenFailure(error, path);
  }
}

function listAppliedMigrations(connection: Database.Database): string[] {
  const hasTable = connection
    .prepare(`select 1 from sqlite_master where type = 'table' and name = 'kysely_migration'`)
    .get();
  if (hasTable === undefined) return [];
  return connection
    .prepare(`select name from kysely_migration order by name`)
    .pluck()
    .all() as string[];
}

function assertNotNewer(
  connection: Database.Database,
  path: string,
  migrations: Readonly<Record<string, Migration>>,
): void {
  const unknown = listAppliedMigrations(connection).filter(
    (name) => !Object.hasOwn(migrations, name),
  );
  if (unknown.length === 0) return;
  const newestKnown = Object.keys(migrations).sort().at(-1) ?? 'none';
  throw new StintError(
    'database_newer',
    `${path} was written by a newer version of Stint: it has reached ${unknown.at(-1)}, this version knows up to ${newestKnown}; nothing was changed, update Stint to open it`,
  );
}

async function migrate<Tables>(
  db: Kysely<Tables>,
  connection: Database.Database,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const applied = new Set(listAppliedMigrations(connection));
  // The migrator's own checks cost a few milliseconds at each start; there is nothing to do most times.
  if (Object.keys(migrations).every((name) => applied.has(name))) return;
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error) throw error;
  if (error !== undefined) throw new Error('a migration failed', { cause: error });
}
