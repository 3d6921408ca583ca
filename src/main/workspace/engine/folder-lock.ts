import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import { lockDatabaseFile } from '../database/lock-database-file.ts';

/**
 * Makes sure that one process alone works on a workspace folder. The lock is the operating system's, held
 * by an open database file, so it is gone the moment the process is, however it ended.
 *
 * @returns what gives the folder free again.
 * @throws StintError `workspace_in_use` naming the process, `workspace_unwritable`; nothing was changed then.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const ownerPath = join(folder, 'workspace.pid');
  let release: (() => void) | undefined;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    release = lockDatabaseFile(join(folder, 'workspace.lock'));
    if (release !== undefined) await writeFile(ownerPath, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    release?.();
    throw new StintError(
      'workspace_unwritable',
      `${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}): expected a folder in which this user may create files`,
      { cause: error },
    );
  }
  if (release !== undefined) return release;
  const owner = (await readFile(ownerPath, 'utf8').catch(() => '')).trim();
  throw new StintError(
    'workspace_in_use',
    `${folder} is in use by another Stint${owner === '' ? '' : ` (process ${owner})`}; close it first, or choose another folder`,
  );
}
