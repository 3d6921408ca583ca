import { join, resolve } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import { FileFolder } from '../files/file-folder.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import { createCopy, listDatabases } from './create-copy.ts';
import { copyContentsOut } from './workspace-contents.ts';

export interface WorkspaceBackupResult {
  readonly name: string;
  readonly databases: number;
  readonly contents: number;
  readonly contentBytes: number;
  /** Hashes of contents whose bytes were not what they should be; they are not in the backup. */
  readonly changed: readonly string[];
}

/**
 * Backs a workspace up while the program may have it open: its databases into `<to>/snapshots`, its contents
 * into `<to>/contents`, each once for all backups there. No token is in it.
 *
 * @throws StintError `not_found` where there is no workspace, `database_damaged`, `disk_full`.
 */
export async function backUpWorkspace(options: {
  readonly workspaceFolder: string;
  readonly to: string;
  readonly stintVersion: string;
  readonly ports: Pick<WorkspacePorts, 'clock' | 'randomness'>;
}): Promise<WorkspaceBackupResult> {
  const { workspaceFolder, stintVersion, ports } = options;
  const to = resolve(options.to);
  const names = await listDatabases(workspaceFolder);
  if (!names.includes('workspace.db'))
    throw new StintError('not_found', `there is no workspace in ${workspaceFolder}`);
  const files = new FileFolder(join(workspaceFolder, 'files'), ports.randomness);
  let contents = 0;
  let contentBytes = 0;
  let changed: readonly string[] = [];
  const copy = await createCopy({
    workspaceFolder,
    into: join(to, 'snapshots'),
    reason: 'asked_for',
    databases: names.map((name) => ({ name, signature: null })),
    stintVersion,
    clock: ports.clock,
    complete: async (folder) => {
      const copied = await copyContentsOut(files, join(to, 'contents'), folder);
      contents = copied.listed?.count ?? 0;
      contentBytes = copied.listed?.contentBytes ?? 0;
      changed = copied.changed;
      return copied.listed;
    },
  });
  return { name: copy.name, databases: names.length, contents, contentBytes, changed };
}
