import Database from 'better-sqlite3';
import { StintError } from '../../shared/errors.ts';

const busyTimeoutMs = 10_000;

/** What every connection must have (SY-2), as SQLite names it, with the value that it reports back. */
export const requiredPragmas = {
  journal_mode: 'wal',
  // better-sqlite3 is compiled to fall back to NORMAL after the first write to the WAL.
  synchronous: 2,
  foreign_keys: 1,
  busy_timeout: busyTimeoutMs,
} as const;

/**
 * Opens a database file with the pragmas of SY-2 set and read back.
 * @throws StintError `database_damaged` when the file is no database, `workspace_unwritable` when it cannot be written.
 */
export function openSqliteConnection(filePath: string): Database.Database {
  let connection: Database.Database | undefined;
  try {
    connection = new Database(filePath);
    connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    if (process.platform === 'darwin') connection.pragma('fullfsync = ON');
    assertPragmas(connection);
    return connection;
  } catch (error) {
    connection?.close();
    throw computeOpenError(error, filePath);
  }
}

export function assertPragmas(connection: Database.Database): void {
  for (const [name, expected] of Object.entries(requiredPragmas)) {
    const found = connection.pragma(name, { simple: true });
    if (found !== expected)
      throw new StintError(
        'internal',
        `the database pragma ${name} is ${String(found)} where ${expected} is needed`,
      );
  }
}

function computeOpenError(error: unknown, filePath: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'))
    return new StintError('database_damaged', `${filePath} is not a database that can be read`, {
      cause: error,
    });
  if (error.code.startsWith('SQLITE_READONLY') || error.code.startsWith('SQLITE_CANTOPEN'))
    return new StintError('workspace_unwritable', `the database ${filePath} cannot be written`, {
      cause: error,
    });
  return error;
}
