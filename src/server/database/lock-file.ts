import Database from 'better-sqlite3';
import { StintError } from '../../shared/errors.ts';

/**
 * Locks a file, which is made where it is not there. The lock is the operating system's and is gone with the process.
 *
 * @param take how the file is locked; one that is locked already is waited for, `waitMs` long.
 * @param busyMessage what is said where it stays locked, under the code `busyCode`.
 * @returns what gives the file free.
 * @throws StintError `busyCode`, or `workspace_unwritable` naming the file.
 */
export function lockFile(
  filePath: string,
  options: {
    readonly waitMs: number;
    readonly busyCode: 'unavailable' | 'workspace_in_use';
    readonly busyMessage: string;
    take(connection: Database.Database): void;
  },
): () => void {
  let connection: Database.Database | undefined;
  try {
    connection = new Database(filePath, { timeout: options.waitMs });
    options.take(connection);
  } catch (error) {
    connection?.close();
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code.startsWith('SQLITE_BUSY'))
      throw new StintError(options.busyCode, options.busyMessage, { cause: error });
    if (error.code === 'SQLITE_FULL') throw error;
    throw new StintError(
      'workspace_unwritable',
      `the lock file ${filePath} cannot be written (${error.code}); name a folder that this user may write`,
      { cause: error },
    );
  }
  const locked = connection;
  return () => {
    locked.exec('rollback');
    locked.close();
  };
}
