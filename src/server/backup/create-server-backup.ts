import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import packageManifest from '../../../package.json' with { type: 'json' };
import { StintError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import { assertDataFolder } from '../data-folder.ts';
import { lockBackupFolder } from '../database/backup-folder-lock.ts';
import { keepContents } from '../database/contents-guard.ts';
import { describeUnavailable } from '../database/database-unavailable-error.ts';
import {
  type DatabaseSnapshot,
  openDatabaseSnapshot,
  type StoredRow,
} from '../database/database-snapshot.ts';
import { isDiskFull } from '../disk-full.ts';
import { isContentLost } from '../files/blob-hash.ts';
import { openBlobStore } from '../files/blob-location.ts';
import type { BlobStore } from '../files/blob-store.ts';
import { computeFileSha256 } from '../files/file-hash.ts';
import {
  type AbsentContent,
  backupFormat,
  type BackupManifest,
  backupPaths,
  backupVersion,
  type ContentLine,
  snapshotPaths,
} from './backup-format.ts';
import { copyDurably, LineFile, saveDurably, syncFolder, writeDurably } from './durable-files.ts';
import { clearUnfinished, pruneBackups } from './prune-backups.ts';
import { writeRowLine } from './row-lines.ts';
import { computeSnapshotName } from './snapshot-folders.ts';

export interface ServerBackupOptions {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** Where the contents lie, if not in the data folder: as the server's own option. */
  readonly blobs?: string | undefined;
  /** The folder of backups; made where it is not there. */
  readonly to: string;
  /** How many snapshots stay, with the new one; all of them where it is left out. */
  readonly keep?: number;
  readonly clock: Clock;
}

export interface ServerBackupResult {
  readonly snapshot: string;
  readonly rows: number;
  readonly contents: number;
  readonly contentBytes: number;
  readonly newContents: number;
  readonly newBytes: number;
  /** Named by the database, and not to be had: the server has lost or damaged them. The rest is backed up. */
  readonly absent: readonly AbsentContent[];
  readonly removedSnapshots: readonly string[];
  readonly removedContents: number;
  /** Why unreferenced contents were left where they are, if they were. */
  readonly pruneProblem: string | null;
}

/** What is on its way is asked for again by the devices; a row of it would name a file that no backup holds. */
const leftOut: readonly string[] = ['uploads'];

/**
 * Each day another part of the contents that lie in the backups already is read, so that what changed there is found and
 * copied anew within so many nights. A prime number: who backs up once a week comes to all parts as well.
 */
const readDays = 29;
const dayMs = 86_400_000;

/**
 * Backs a server up while it serves (SY-15): one state of the database, streamed in pages, then the contents
 * that it names, from wherever they lie, then the keys. Nothing is collected on the server meanwhile, so those of that
 * state are all there when they are copied. The snapshot appears under its name when everything is on the disk, or not at all.
 *
 * @throws StintError `not_found` for a folder that is no server's, `refused` where `to` is that folder,
 * `workspace_in_use` while another backup goes to the same place, `disk_full`, `workspace_unwritable`, `unavailable`.
 */
export async function createServerBackup(
  options: ServerBackupOptions,
): Promise<ServerBackupResult> {
  const to = path.resolve(options.to);
  await assertDataFolder(options.dataFolder);
  if (to === path.resolve(options.dataFolder))
    throw new StintError(
      'refused',
      `${to} is the data folder itself: a backup belongs in another folder, at best on another disk`,
    );
  try {
    await mkdir(backupPaths.snapshots(to), { recursive: true, mode: 0o700 });
    await mkdir(path.join(to, 'contents'), { recursive: true, mode: 0o700 });
    const blobs = await openBlobStore(path.join(options.dataFolder, 'blobs'), options.blobs);
    const release = lockBackupFolder(to);
    try {
      await clearUnfinished(to);
      return await writeSnapshot(options, blobs, to);
    } finally {
      blobs.close();
      release();
    }
  } catch (error) {
    throw describeFailure(error, to);
  }
}

async function writeSnapshot(
  options: ServerBackupOptions,
  blobs: BlobStore,
  to: string,
): Promise<ServerBackupResult> {
  // Before the state is chosen that is backed up.
  const release = keepContents(options.dataFolder);
  try {
    // What a power cut took from its place, and the journal has still: the server may not have been started since. What
    // cannot be put back is named as absent.
    await blobs.settle().catch(() => undefined);
    return await writeKeptSnapshot(options, blobs, to);
  } finally {
    release();
  }
}

async function writeKeptSnapshot(
  options: ServerBackupOptions,
  blobs: BlobStore,
  to: string,
): Promise<ServerBackupResult> {
  const createdAt = computeIsoInstant(options.clock.nowMs());
  const name = await chooseName(to, createdAt);
  const incoming = path.join(backupPaths.snapshots(to), `.incoming-${name}`);
  await mkdir(path.join(incoming, 'tables'), { recursive: true, mode: 0o700 });
  await mkdir(path.join(incoming, 'keys'), { mode: 0o700 });
  try {
    const written = await writeTables(options, incoming);
    const today = Math.floor(options.clock.nowMs() / dayMs);
    const copied = await copyContents(blobs, to, written.contents, today);
    const contents = await writeContentList(incoming, copied.present);
    const manifest: BackupManifest = {
      format: backupFormat,
      version: backupVersion,
      createdAt,
      stintVersion: packageManifest.version,
      migrations: [...written.migrations],
      tables: written.tables,
      contents: { ...contents, count: copied.present.length, contentBytes: copied.contentBytes },
      absent: copied.absent,
      keys: await copyKeys(options.dataFolder, incoming),
    };
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
    const { sha256 } = await writeDurably(snapshotPaths.manifest(incoming), text);
    await writeDurably(snapshotPaths.manifestHash(incoming), `${sha256}  manifest.json\n`);
    for (const folder of ['tables', 'keys', '.']) await syncFolder(path.join(incoming, folder));
    await rename(incoming, path.join(backupPaths.snapshots(to), name));
    await syncFolder(backupPaths.snapshots(to));
    const pruned = await pruneBackups(to, options.keep, name);
    return {
      snapshot: name,
      rows: written.tables.reduce((sum, table) => sum + table.rows, 0),
      contents: copied.present.length,
      contentBytes: copied.contentBytes,
      newContents: copied.newContents,
      newBytes: copied.newBytes,
      absent: copied.absent,
      ...pruned,
    };
  } catch (error) {
    await rm(incoming, { recursive: true, force: true });
    throw error;
  }
}

async function chooseName(to: string, createdAt: string): Promise<string> {
  const taken = new Set(await readdir(backupPaths.snapshots(to)));
  const base = computeSnapshotName(createdAt);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}

interface WrittenTables {
  readonly migrations: readonly string[];
  readonly tables: BackupManifest['tables'];
  /** Which contents this state of the database says that the server has, each once per organization. */
  readonly contents: readonly ContentLine[];
}

async function writeTables(
  { dataFolder, databaseUrl }: ServerBackupOptions,
  incoming: string,
): Promise<WrittenTables> {
  const snapshot = await openDatabaseSnapshot(path.join(dataFolder, 'server.db'), databaseUrl);
  try {
    if (snapshot.migrations.length === 0)
      throw new StintError(
        'not_found',
        'the database holds no server; start one on it before it is backed up',
      );
    const contents = new Map<string, ContentLine>();
    const tables: BackupManifest['tables'] = [];
    for (const name of listInOrder(snapshot.tables)) {
      const note = name === 'fileGrants' ? (row: StoredRow) => noteContent(contents, row) : null;
      tables.push(await writeTable(snapshot, name, incoming, note));
    }
    return { migrations: snapshot.migrations, tables, contents: [...contents.values()] };
  } finally {
    await snapshot.close();
  }
}

/** Sessions name accounts by a foreign key; no other table names another. */
function listInOrder(tables: readonly string[]): string[] {
  return tables
    .filter((name) => !leftOut.includes(name))
    .sort((one, other) => Number(other === 'accounts') - Number(one === 'accounts'));
}

async function writeTable(
  snapshot: DatabaseSnapshot,
  name: string,
  incoming: string,
  note: ((row: StoredRow) => void) | null,
): Promise<BackupManifest['tables'][number]> {
  const file = await LineFile.create(snapshotPaths.table(incoming, name));
  try {
    let rows = 0;
    for await (const page of snapshot.readPages(name))
      for (const row of page) {
        await file.write(writeRowLine(row));
        note?.(row);
        rows += 1;
      }
    return { name, rows, ...(await file.finish()) };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/** A grant is written when a content has arrived whole, and its hash was found right (SY-22). */
function noteContent(contents: Map<string, ContentLine>, row: StoredRow): void {
  const line = {
    orgId: String(row['orgId']),
    sha256: String(row['sha256']),
    sizeBytes: Number(row['sizeBytes']),
  };
  contents.set(`${line.orgId}/${line.sha256}`, line);
}

async function copyContents(
  blobs: BlobStore,
  to: string,
  wanted: readonly ContentLine[],
  today: number,
) {
  const present: ContentLine[] = [];
  const absent: AbsentContent[] = [];
  const folders = new Set<string>();
  let [contentBytes, newContents, newBytes] = [0, 0, 0];
  for (const line of wanted) {
    const { orgId, sha256, sizeBytes } = line;
    const target = backupPaths.content(to, sha256);
    if (!(await isThere(target, line, today))) {
      const reason = await copyContent(blobs, line, target);
      if (reason !== undefined) {
        absent.push({ orgId, sha256, reason });
        continue;
      }
      folders.add(path.dirname(target));
      newContents += 1;
      newBytes += sizeBytes;
    }
    present.push(line);
    contentBytes += sizeBytes;
  }
  for (const folder of [...folders, path.join(to, 'contents')]) await syncFolder(folder);
  return { present, absent, contentBytes, newContents, newBytes };
}

/** Whether the backups hold it, by its size, and on the days on which it is read by its hash. */
async function isThere(
  target: string,
  { sha256, sizeBytes }: ContentLine,
  today: number,
): Promise<boolean> {
  if ((await findSizeBytes(target)) !== sizeBytes) return false;
  const isItsDay = Number.parseInt(sha256.slice(0, 8), 16) % readDays === today % readDays;
  // What cannot be read is copied anew as well.
  return !isItsDay || (await computeFileSha256(target).catch(() => undefined)) === sha256;
}

/** Verified while it is copied, and only then under its name. Answers why it is not there. */
async function copyContent(
  blobs: BlobStore,
  { orgId, sha256 }: ContentLine,
  target: string,
): Promise<AbsentContent['reason'] | undefined> {
  if ((await blobs.findSizeBytes(orgId, sha256)) === undefined) return 'missing';
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const part = `${target}.part`;
  await rm(part, { force: true });
  const content = blobs.read(orgId, sha256, undefined);
  let readFailure: unknown;
  content.once('error', (error) => {
    readFailure = error;
  });
  try {
    const copied = await saveDurably(content, part);
    if (copied.sha256 !== sha256) {
      await rm(part, { force: true });
      return 'changed';
    }
  } catch (error) {
    // Of the content alone: a disk that does not take the backup must not make it look lost.
    if (error !== readFailure || !isContentLost(error)) throw error;
    return (await blobs.findSizeBytes(orgId, sha256)) === undefined ? 'missing' : 'changed';
  }
  await rename(part, target);
  return undefined;
}

async function findSizeBytes(filePath: string): Promise<number | undefined> {
  const found = await stat(filePath).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found?.size;
}

async function writeContentList(incoming: string, lines: readonly ContentLine[]) {
  const file = await LineFile.create(snapshotPaths.contents(incoming));
  try {
    for (const line of lines) await file.write(`${JSON.stringify(line)}\n`);
    return await file.finish();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

async function copyKeys(dataFolder: string, incoming: string): Promise<BackupManifest['keys']> {
  const folder = path.join(dataFolder, 'keys');
  const keys: BackupManifest['keys'] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.endsWith('.part')) continue;
    const written = await copyDurably(path.join(folder, name), snapshotPaths.key(incoming, name));
    keys.push({ name, ...written });
  }
  return keys;
}

function describeFailure(error: unknown, to: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (isDiskFull(error))
    return new StintError(
      'disk_full',
      `there is no room for the backup in ${to}; earlier backups are as they were`,
      { cause: error },
    );
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOTDIR')
    return new StintError('workspace_unwritable', `the backup cannot be written (${code}): ${to}`, {
      cause: error,
    });
  return describeUnavailable(error);
}
