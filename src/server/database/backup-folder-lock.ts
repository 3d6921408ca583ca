import path from 'node:path';
import { lockFile } from './lock-file.ts';

/**
 * Keeps two backups into one folder from each other's contents. The lock is the operating system's and is
 * gone with the process.
 * @returns what gives the folder free.
 * @throws StintError `workspace_in_use`, `workspace_unwritable`.
 */
export function lockBackupFolder(folder: string): () => void {
  return lockFile(path.join(folder, 'backup.lock'), {
    waitMs: 0,
    busyCode: 'workspace_in_use',
    busyMessage: `another backup into ${folder} is running; wait for its end`,
    take(connection) {
      connection.pragma('locking_mode = EXCLUSIVE');
      connection.exec('begin exclusive');
    },
  });
}
