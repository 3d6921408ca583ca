import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import { lockFolder } from '../engine/folder-lock.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import { type CopyRestoreResult, findCopy, restoreCopy } from './restore-copy.ts';

/** What may lie in a folder that holds no work: the lock's own files, and the copies. */
const harmless = /^(?:workspace\.(?:lock|pid)(?:-journal)?|backups|exports|desktop)$/;

/**
 * Restores a whole workspace from a backup or from one of its automatic copies, into an empty folder, or with
 * `replaces` into one that holds a workspace, which moves aside.
 *
 * @throws StintError `conflict` for a folder that is not empty, `workspace_in_use`, and what `restoreCopy` says.
 */
export async function restoreWorkspace(options: {
  readonly from: string;
  readonly workspaceFolder: string;
  readonly replaces: boolean;
  readonly ports: Pick<WorkspacePorts, 'clock' | 'randomness'>;
}): Promise<CopyRestoreResult> {
  const workspaceFolder = resolve(options.workspaceFolder);
  const copy = await findCopy(options.from);
  const release = await lockFolder(workspaceFolder);
  try {
    const names = (await readdir(workspaceFolder)).filter((name) => !harmless.test(name));
    if (names.length > 0 && !options.replaces)
      throw new StintError(
        'conflict',
        `${workspaceFolder} is not empty: with --replace, what is there moves aside, and nothing is deleted`,
      );
    return await restoreCopy({
      copy,
      workspaceFolder,
      asideKind: 'replaced',
      ports: options.ports,
    });
  } finally {
    release();
  }
}
