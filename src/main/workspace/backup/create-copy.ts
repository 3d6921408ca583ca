import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import { computeIsoInstant, type Clock } from '../../../shared/ports.ts';
import { copyDatabase } from '../database/run-database-task.ts';
import {
  computeCopyName,
  type CopyFolder,
  listCopyFolders,
  loadCopyManifest,
} from './copy-folders.ts';
import {
  type CopiedDatabase,
  copyFileName,
  copyFormat,
  type CopyManifest,
  type CopyReason,
  copyVersion,
} from './copy-format.ts';
import { hasBytes, hashFile, syncFolder, writeDurably } from './durable-folder.ts';

export interface CopySource {
  /** Its path in the workspace's folder, with "/". */
  readonly name: string;
  /** What tells one state from another; null where it is not known. */
  readonly signature: string | null;
}

export interface CopyOptions {
  readonly workspaceFolder: string;
  /** The folder in which the copy's own folder is made. */
  readonly into: string;
  readonly reason: CopyReason;
  readonly databases: readonly CopySource[];
  readonly stintVersion: string;
  readonly clock: Clock;
  /** Adds to the copy before it gets its name; answers what the manifest says about that. */
  complete?(folder: string): Promise<CopyManifest['contents']>;
}

/**
 * The databases of a workspace's folder, as paths in it; whether they can be read is not looked at. An empty file is none:
 * SQLite would begin a new database in it.
 */
export async function listDatabases(workspaceFolder: string): Promise<string[]> {
  const names = (await hasBytes(join(workspaceFolder, 'workspace.db'))) ? ['workspace.db'] : [];
  const seats = await readdir(join(workspaceFolder, 'seats')).catch(() => []);
  for (const seat of seats.toSorted((one, other) => (one < other ? -1 : 1)))
    if (
      /^[0-9a-f-]{36}$/.test(seat) &&
      (await hasBytes(join(workspaceFolder, 'seats', seat, 'seat.db')))
    )
      names.push(`seats/${seat}/seat.db`);
  return names;
}

/**
 * Copies databases that are in use into a folder of their own: under a temporary name, each found whole and
 * flushed, and then renamed; a kill leaves no half copy that looks whole. A database that is as it was in the
 * copy before is not copied again but linked, where its file there is still whole: else one damaged file would stand
 * in every copy that follows. Nothing of it runs in this thread but small reads and writes.
 *
 * @throws StintError `database_damaged` naming the database, `disk_full`, `workspace_unwritable`; nothing is
 * left behind then.
 */
export async function createCopy(options: CopyOptions): Promise<CopyFolder> {
  const { into, clock, reason, stintVersion } = options;
  try {
    await mkdir(into, { recursive: true, mode: 0o700 });
    await clearUnfinished(into);
    const copies = await listCopyFolders(into);
    const before = copies.at(-1);
    const number = (before?.number ?? 0) + 1;
    const createdAt = computeIsoInstant(clock.nowMs());
    const name = computeCopyName(number, createdAt);
    const incoming = join(into, `.incoming-${name}`);
    await mkdir(incoming, { mode: 0o700 });
    try {
      const databases = await copyDatabases(options, incoming, before);
      const contents = (await options.complete?.(incoming)) ?? null;
      const manifest: CopyManifest = {
        format: copyFormat,
        version: copyVersion,
        number,
        createdAt,
        reason,
        stintVersion,
        databases,
        contents,
      };
      const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
      await writeDurably(join(incoming, 'copy.json'), text);
      const hash = createHash('sha256').update(text).digest('hex');
      await writeDurably(join(incoming, 'copy.sha256'), `${hash}  copy.json\n`);
      await syncFolder(incoming);
      await rename(incoming, join(into, name));
      await syncFolder(into);
      return { name, path: join(into, name), number };
    } catch (error) {
      await rm(incoming, { recursive: true, force: true });
      throw error;
    }
  } catch (error) {
    throw describeFailure(error, into);
  }
}

async function clearUnfinished(into: string): Promise<void> {
  for (const name of await readdir(into))
    if (/^\.(?:incoming|removed)-/.test(name))
      await rm(join(into, name), { recursive: true, force: true });
}

async function copyDatabases(
  options: CopyOptions,
  incoming: string,
  before: CopyFolder | undefined,
): Promise<CopiedDatabase[]> {
  const known = before === undefined ? undefined : await loadCopyManifest(before).catch(() => {});
  const databases: CopiedDatabase[] = [];
  for (const { name, signature } of options.databases) {
    const target = join(incoming, copyFileName(name));
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const same = known?.databases.find(
      (database) => database.name === name && database.signature === signature,
    );
    if (before !== undefined && same !== undefined && signature !== null) {
      const source = join(before.path, copyFileName(name));
      // Not every file system has links.
      if (
        (await isWhole(source, same)) &&
        (await link(source, target).then(
          () => true,
          () => copyAgain(source, target),
        ))
      ) {
        databases.push(same);
        continue;
      }
    }
    const copied = await copyDatabase(join(options.workspaceFolder, name), target);
    await syncFolder(dirname(target));
    databases.push({ name, signature, ...copied });
  }
  return databases;
}

async function isWhole(path: string, { sha256 }: CopiedDatabase): Promise<boolean> {
  return (await hashFile(path).catch(() => undefined)) === sha256;
}

async function copyAgain(source: string, target: string): Promise<boolean> {
  return await copyFile(source, target).then(
    () => true,
    () => false,
  );
}

function describeFailure(error: unknown, into: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StintError('disk_full', `there is no room for a copy in ${into}`, { cause: error });
  if (
    code === 'EACCES' ||
    code === 'EROFS' ||
    code === 'EPERM' ||
    code === 'ENOTDIR' ||
    code === 'EEXIST'
  )
    return new StintError('workspace_unwritable', `${into} cannot be written (${code})`, {
      cause: error,
    });
  return error;
}
