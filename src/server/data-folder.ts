import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { StintError } from '../shared/errors.ts';

/** In a folder whose restore has not ended; nothing may be started on it. */
export const unfinishedRestoreName = 'restore-unfinished';

/** Everything the server keeps lies in one folder: copy it while the server is stopped, and it is a backup. */
export interface DataFolder {
  readonly root: string;
  readonly databasePath: string;
  readonly blobs: string;
  readonly uploads: string;
  readonly keys: string;
}

/** @throws StintError `not_found` where there is no such folder, or something else than a folder. */
export async function assertDataFolder(root: string): Promise<void> {
  const found = await stat(root).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new StintError('not_found', `there is no data folder ${root}`);
}

/**
 * Makes the folder and its parts where they do not exist, for this user alone: everybody's work lies in them.
 * @throws StintError `workspace_unwritable` naming the folder; `database_damaged` where a restore into it did not end.
 */
export function prepareDataFolder(root: string): DataFolder {
  const folder: DataFolder = {
    root,
    databasePath: path.join(root, 'server.db'),
    blobs: path.join(root, 'blobs'),
    uploads: path.join(root, 'uploads'),
    keys: path.join(root, 'keys'),
  };
  if (existsSync(path.join(root, unfinishedRestoreName)))
    throw new StintError(
      'database_damaged',
      `a restore into ${root} did not end; remove the folder, empty the database, and restore again`,
    );
  try {
    for (const part of [root, folder.blobs, folder.uploads, folder.keys])
      mkdirSync(part, { recursive: true, mode: 0o700 });
    for (const part of [root, folder.blobs, folder.uploads])
      accessSync(part, constants.R_OK | constants.W_OK | constants.X_OK);
    // A file system mounted read-only, or a full one, shows only when something is written.
    const probe = path.join(root, `.write-probe-${process.pid}`);
    writeFileSync(probe, 'probe');
    // Another process that shares the folder, on another machine, may have the same process id.
    rmSync(probe, { force: true });
  } catch (error) {
    throw new StintError(
      'workspace_unwritable',
      `the data folder ${root} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); name a folder that this user may write`,
      { cause: error },
    );
  }
  return folder;
}
