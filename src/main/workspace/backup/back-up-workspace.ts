import { mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import { lockDatabaseFile } from '../database/lock-database-file.ts';
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

interface BackupOptions {
  readonly workspaceFolder: string;
  readonly to: string;
  readonly stintVersion: string;
  readonly ports: Pick<WorkspacePorts, 'clock' | 'randomness'>;
}

/**
 * Backs a workspace up while the program may have it open: its databases into `<to>/snapshots`, its contents
 * into `<to>/contents`, each once for all backups there. No token is in it.
 *
 * @throws StintError `not_found` where there is no workspace, `refused` where `to` is the workspace, `workspace_in_use` while another backup goes into the same
 * folder, `database_damaged`, `disk_full`, `workspace_unwritable`.
 */
export async function backUpWorkspace(options: BackupOptions): Promise<WorkspaceBackupResult> {
  const { workspaceFolder } = options;
  const names = await listDatabases(workspaceFolder);
  if (!names.includes('workspace.db'))
    throw new StintError('not_found', `there is no workspace in ${workspaceFolder}`);
  const to = resolve(options.to);
  if (await isSameFolder(to, workspaceFolder))
    throw new StintError(
      'refused',
      `${to} is the workspace itself: a backup belongs in another folder, at best on another disk`,
    );
  const release = await lockBackupFolder(to);
  try {
    return await backUp(options, to, names);
  } finally {
    release();
  }
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all(
    [one, other].map((path) => realpath(path).catch(() => undefined)),
  );
  return first !== undefined && first === second;
}

/** Each begins with clearing away what a kill left of another, and writes contents that they share. */
async function lockBackupFolder(to: string): Promise<() => void> {
  let release: (() => void) | undefined;
  try {
    await mkdir(to, { recursive: true, mode: 0o700 });
    release = lockDatabaseFile(join(to, 'backup.lock'));
  } catch (error) {
    throw new StintError(
      'workspace_unwritable',
      `${to} cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
      { cause: error },
    );
  }
  if (release !== undefined) return release;
  throw new StintError(
    'workspace_in_use',
    `another backup into ${to} is running; wait for its end`,
  );
}

async function backUp(
  { workspaceFolder, stintVersion, ports }: BackupOptions,
  to: string,
  names: readonly string[],
): Promise<WorkspaceBackupResult> {
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
