import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { StintError } from '../../../shared/errors.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import { findDatabaseProblem } from '../database/run-database-task.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import {
  type CopyFolder,
  listCopyFolders,
  listDamagedFiles,
  loadCopyManifest,
} from './copy-folders.ts';
import { copyFileName, type CopyManifest } from './copy-format.ts';
import { carryOutRestore, finishRestore } from './restore-journal.ts';
import { copyContentsIn, listDamagedContents, loadContentList } from './workspace-contents.ts';

export interface CopyRestoreOptions {
  readonly copy: CopyFolder;
  readonly workspaceFolder: string;
  /**
   * Names of databases; all of the copy's, and the whole workspace with them, where it is left out. Of a whole
   * workspace the tokens move aside as well: it asks to sign in again.
   */
  readonly databases?: readonly string[];
  /** Where what was there goes: `replaced` or `damaged`, with the time. */
  readonly asideKind: 'replaced' | 'damaged';
  readonly ports: Pick<WorkspacePorts, 'clock' | 'randomness'>;
}

export interface CopyRestoreResult {
  readonly createdAt: string;
  readonly databases: readonly string[];
  readonly contents: number;
  /** The folder in which what was there lies now, if anything was. */
  readonly aside: string;
}

/**
 * The copy that a person means: a copy's folder, a folder of copies, a backup's DEST, or a workspace's folder
 * with its automatic ones; of several, the newest that is whole.
 * @throws StintError `not_found`.
 */
export async function findCopy(from: string): Promise<CopyFolder> {
  const folder = resolve(from);
  const named = (await listCopyFolders(dirname(folder))).find(
    ({ name }) => name === basename(folder),
  );
  if (named !== undefined) return named;
  // `DEST/NAME`, since that is what is listed.
  for (const part of ['snapshots', 'backups']) {
    const inside = (await listCopyFolders(join(dirname(folder), part))).find(
      ({ name }) => name === basename(folder),
    );
    if (inside !== undefined) return inside;
  }
  for (const candidate of [join(folder, 'snapshots'), join(folder, 'backups'), folder]) {
    const copies = (await listCopyFolders(candidate)).toReversed();
    for (const copy of copies) {
      const manifest = await loadCopyManifest(copy).catch(() => undefined);
      // A copy made before a migration holds one database alone.
      if (manifest === undefined || manifest.reason === 'before_migration') continue;
      if ((await listDamagedFiles(copy, manifest)).length === 0) return copy;
    }
    if (copies.length > 0)
      throw new StintError('bundle_not_whole', `no whole copy of a workspace is in ${candidate}`);
  }
  throw new StintError('not_found', `there is no copy of a workspace in ${from}`);
}

/**
 * Puts a copy in the place of what is there. Everything is verified first: hashes, and each database by SQLite.
 * What was there moves aside under a name with the time; a restore that was interrupted is ended before. The folder's
 * lock must be held.
 *
 * @throws StintError `bundle_not_whole` naming each file, `bundle_malformed`, `not_found`, `disk_full`; the
 * workspace is then as it was.
 */
export async function restoreCopy(options: CopyRestoreOptions): Promise<CopyRestoreResult> {
  const { copy, workspaceFolder, ports } = options;
  const manifest = await loadCopyManifest(copy);
  const names = options.databases ?? manifest.databases.map(({ name }) => name);
  const contents = await loadContentList(copy, manifest);
  const contentsFolder = join(dirname(dirname(copy.path)), 'contents');
  const damaged = [
    ...(await listDamagedFiles(copy, manifest)),
    ...(await listDamagedContents(contentsFolder, contents)),
  ];
  if (damaged.length > 0)
    throw new StintError(
      'bundle_not_whole',
      `the copy ${copy.name} is not whole; nothing was restored\n${damaged.join('\n')}`,
    );
  const time = computeIsoInstant(ports.clock.nowMs()).replaceAll(/[-:.]/g, '');
  const staged = `.restoring-${time}`;
  const aside = `${options.asideKind}-${time}`;
  // What a kill had interrupted still wants what it staged.
  await finishRestore(workspaceFolder);
  await clearStaged(workspaceFolder);
  try {
    for (const name of names) await stage(copy, manifest, name, join(workspaceFolder, staged));
    await copyContentsIn(contentsFolder, contents, workspaceFolder, ports);
  } catch (error) {
    await rm(join(workspaceFolder, staged), { recursive: true, force: true });
    throw describeFailure(error);
  }
  const leaving =
    options.databases === undefined
      ? [...withJournals('workspace.db'), 'seats', 'secrets', 'secrets-encrypted']
      : names.flatMap(withJournals);
  await carryOutRestore(workspaceFolder, { staged, aside, leaving, coming: [...names] });
  return {
    createdAt: manifest.createdAt,
    databases: names,
    contents: contents.length,
    aside: join(workspaceFolder, aside),
  };
}

/** What SQLite keeps beside a database belongs to that one, and would be mixed into another. */
const withJournals = (name: string): string[] => [`${name}-wal`, `${name}-shm`, name];

async function clearStaged(workspaceFolder: string): Promise<void> {
  await mkdir(workspaceFolder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(workspaceFolder))
    if (name.startsWith('.restoring-'))
      await rm(join(workspaceFolder, name), { recursive: true, force: true });
}

async function stage(
  copy: CopyFolder,
  manifest: CopyManifest,
  name: string,
  folder: string,
): Promise<void> {
  if (!manifest.databases.some((database) => database.name === name))
    throw new StintError('not_found', `the copy ${copy.name} does not hold ${name}`);
  const target = join(folder, name);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await pipeline(
    createReadStream(join(copy.path, copyFileName(name))),
    createGunzip(),
    createWriteStream(target, { flags: 'wx', mode: 0o600 }),
  );
  const file = await open(target, 'r+');
  await file.sync();
  await file.close();
  const problem = await findDatabaseProblem(target);
  if (problem !== undefined)
    throw new StintError(
      'bundle_not_whole',
      `${name} in the copy ${copy.name} is damaged: ${problem}`,
    );
}

function describeFailure(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StintError('disk_full', 'there is no room to restore; nothing was changed', {
      cause: error,
    });
  return error;
}
