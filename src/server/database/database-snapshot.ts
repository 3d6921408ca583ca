import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { StintError } from '../../shared/errors.ts';

export type StoredValue = string | number | bigint | Buffer | null;
export type StoredRow = Readonly<Record<string, StoredValue>>;

/** One state of a whole database, read while others go on writing. It knows no tables by name, and so fits every version. */
export interface DatabaseSnapshot {
  /** The migrations that had been applied, in their order. */
  readonly migrations: readonly string[];
  /** Without those in which the migrations are noted. */
  readonly tables: readonly string[];
  /**
   * All rows of a table in pages of about `pageBytes`; one table at a time. Whole numbers come as `bigint`.
   *
   * @param order the columns by which they are ordered, an index's first; in no order without them.
   */
  readPages(table: string, order?: readonly string[]): AsyncIterable<readonly StoredRow[]>;
  close(): Promise<void>;
}

const pageBytes = 4 * 1024 * 1024;
const maximumPageRows = 1000;
const busyTimeoutMs = 10_000;

/** A snapshot of a server's database, with the folder's lock left alone: the server may run or not. */
export async function openDatabaseSnapshot(
  databasePath: string,
  databaseUrl: string | undefined,
): Promise<DatabaseSnapshot> {
  if (databaseUrl === undefined) return openSqliteSnapshot(databasePath);
  const { openPostgresSnapshot } = await import('./postgres-snapshot.ts');
  return await openPostgresSnapshot(databaseUrl);
}

/** How many rows the next page may have, so that long rows do not fill the memory. */
export function computePageRows(rows: readonly StoredRow[]): number {
  if (rows.length === 0) return maximumPageRows;
  const bytes = rows.reduce((sum, row) => sum + computeRowBytes(row), 0);
  const perRow = Math.max(1, bytes / rows.length);
  return Math.max(1, Math.min(maximumPageRows, Math.floor(pageBytes / perRow)));
}

function computeRowBytes(row: StoredRow): number {
  let bytes = 0;
  for (const value of Object.values(row))
    bytes += typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8;
  return bytes;
}

export function computeReadText(table: string, order: readonly string[]): string {
  const columns = order.map((column) => `"${column}"`).join(', ');
  return `select * from "${table}"${order.length === 0 ? '' : ` order by ${columns}`}`;
}

/** @throws StintError `not_found`, `database_damaged`. */
function openSqliteSnapshot(filePath: string): DatabaseSnapshot {
  if (!existsSync(filePath))
    throw new StintError('not_found', `there is no database ${filePath}; expected a data folder`);
  const connection = new Database(filePath, { readonly: true, timeout: busyTimeoutMs });
  try {
    connection.defaultSafeIntegers(true);
    // In WAL mode the first read decides which state the whole transaction sees; writers do not wait for it.
    connection.exec('begin');
    const tables = connection
      .prepare(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`,
      )
      .pluck()
      .all() as string[];
    const migrations = tables.includes('kysely_migration')
      ? (connection
          .prepare('select name from kysely_migration order by name')
          .pluck()
          .all() as string[])
      : [];
    return {
      migrations,
      tables: tables.filter((name) => !name.startsWith('kysely_')),
      async *readPages(table, order = []) {
        const statement = connection.prepare(computeReadText(table, order));
        let page: StoredRow[] = [];
        let bytes = 0;
        for (const row of statement.iterate() as IterableIterator<StoredRow>) {
          page.push(row);
          bytes += computeRowBytes(row);
          if (page.length < maximumPageRows && bytes < pageBytes) continue;
          yield page;
          page = [];
          bytes = 0;
        }
        if (page.length > 0) yield page;
      },
      async close() {
        connection.close();
      },
    };
  } catch (error) {
    connection.close();
    if (!(error instanceof Database.SqliteError)) throw error;
    throw new StintError(
      'database_damaged',
      `${filePath} is not a database that can be read (${error.code})`,
      { cause: error },
    );
  }
}
