import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { ImmediateSqliteDialect } from '../../shared/database/immediate-sqlite-dialect.ts';
import { StintError } from '../../shared/errors.ts';
import type { StoredRow } from './database-snapshot.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { migrateServerDatabaseTo, serverMigrations } from './migrate-server-database.ts';
import { computePostgresOptions } from './postgres-options.ts';
import type { ServerTables } from './server-tables.ts';

/** Both databases allow more parameters in a statement, SQLite the fewer of the two (32,766). */
const maximumParameters = 20_000;
const maximumStatementRows = 200;

export interface RestorePlan {
  /** Where the database is made: a file that does not exist, or an empty PostgreSQL database. */
  readonly databasePath: string;
  readonly databaseUrl: string | undefined;
  /** Those that had been applied to what comes back, in order. */
  readonly migrations: readonly string[];
  /** Gives all rows to `insert`. Runs inside the transaction. */
  fill(insert: (table: string, rows: readonly StoredRow[]) => Promise<void>): Promise<void>;
  /** The last moment at which everything can still be taken back by throwing. */
  beforeCommit(): Promise<void>;
}

/**
 * Makes a database as it was: its schema at the version of `migrations`, the rows, and then what newer
 * migrations there are, in one transaction. When the promise rejects, nothing of it is there.
 *
 * @throws StintError `database_newer` for migrations that this program does not know, `conflict` where the
 * database is not empty, `unavailable`.
 */
export async function restoreDatabase(plan: RestorePlan): Promise<void> {
  const unknown = plan.migrations.find((name) => !Object.hasOwn(serverMigrations, name));
  if (unknown !== undefined)
    throw new StintError(
      'database_newer',
      `the backup was made by a newer version of Stint (it has the change "${unknown}"); update this program and restore again`,
    );
  const db =
    plan.databaseUrl === undefined
      ? openFile(plan.databasePath)
      : await openServer(plan.databaseUrl);
  try {
    await assertEmpty(db);
    await db.transaction().execute(async (trx) => {
      const newest = plan.migrations.at(-1);
      if (newest !== undefined) await migrateServerDatabaseTo(trx, newest);
      await plan.fill((table, rows) => insertRows(trx, table, rows));
      await migrateServerDatabaseTo(trx, undefined);
      await plan.beforeCommit();
    });
  } catch (error) {
    if (error instanceof DatabaseUnavailableError)
      throw new StintError(
        'unavailable',
        `the PostgreSQL database cannot be reached (${error.code}); nothing was restored`,
        { cause: error },
      );
    throw error;
  } finally {
    await db.destroy();
  }
}

function openFile(databasePath: string): Kysely<ServerTables> {
  const connection = new Database(databasePath);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  if (process.platform === 'darwin') connection.pragma('fullfsync = ON');
  return new Kysely<ServerTables>({
    dialect: new ImmediateSqliteDialect({ database: connection }),
  });
}

async function openServer(databaseUrl: string): Promise<Kysely<ServerTables>> {
  const { createPostgresPool } = await import('./postgres-pool.ts');
  const options = {
    ...computePostgresOptions(databaseUrl),
    application_name: 'stint-restore',
    // Contents are copied between the last row and the commit.
    idle_in_transaction_session_timeout: 0,
  };
  return new Kysely<ServerTables>({
    dialect: new PostgresDialect({ pool: createPostgresPool(options, 1) }),
  });
}

async function assertEmpty(db: Kysely<ServerTables>): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (tables.length > 0)
    throw new StintError(
      'conflict',
      `the database to restore into is not empty (it has ${tables.length} tables, ${tables[0]?.name} among them); create a new one`,
    );
}

async function insertRows(
  trx: Transaction<ServerTables>,
  table: string,
  rows: readonly StoredRow[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).length;
  const step = Math.max(
    1,
    Math.min(maximumStatementRows, Math.floor(maximumParameters / Math.max(1, columns))),
  );
  for (let start = 0; start < rows.length; start += step)
    await trx
      .insertInto(table as 'accounts')
      .values(rows.slice(start, start + step) as never)
      .execute();
}
