import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { StintError } from '../../shared/errors.ts';

export interface FolderLock {
  release(): void;
}

/**
 * Holds a data folder for this process: a small SQLite file, locked exclusively for as long as it is
 * open. The operating system drops the lock when the process ends, however it ends, so no stale lock
 * is ever left. The process id stands in a file beside it, for the message only.
 * @throws StintError `workspace_in_use` naming the other process.
 */
export function acquireFolderLock(folder: string): FolderLock {
  const notePath = path.join(folder, 'server.lock.json');
  const connection = new Database(path.join(folder, 'server.lock'), { timeout: 0 });
  try {
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.exec('begin exclusive');
    writeFileSync(notePath, JSON.stringify({ pid: process.pid }));
  } catch (error) {
    connection.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw new StintError(
        'workspace_in_use',
        `the data folder ${folder} is in use by another server${computeHolderNote(notePath)}; stop that one first, or name another folder`,
        { cause: error },
      );
    throw error;
  }
  return {
    release() {
      connection.exec('rollback');
      connection.close();
    },
  };
}

function computeHolderNote(notePath: string): string {
  try {
    const note = JSON.parse(readFileSync(notePath, 'utf8')) as { pid?: unknown };
    return typeof note.pid === 'number' ? ` (process ${note.pid})` : '';
  } catch {
    return '';
  }
}
