import path from 'node:path';
import Database from 'better-sqlite3';
import { StintError } from '../../shared/errors.ts';

/**
 * Keeps two backups into one folder from each other's contents. The lock is the operating system's and is
 * gone with the process.
 * @returns what gives the folder free.
 * @throws StintError `workspace_in_use`.
 */
export function lockBackupFolder(folder: string): () => void {
  const connection = new Database(path.join(folder, 'backup.lock'), { timeout: 0 });
  try {
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.exec('begin exclusive');
  } catch (error) {
    connection.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw new StintError(
        'workspace_in_use',
        `another backup into ${folder} is running; wait for its end`,
        { cause: error },
      );
    throw error;
  }
  return () => {
    connection.exec('rollback');
    connection.close();
  };
}
