import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { StintError } from '../../shared/errors.ts';
import { unfinishedRestoreName } from '../data-folder.ts';
import type { StoredRow } from '../database/database-snapshot.ts';
import { restoreDatabase } from '../database/restore-database.ts';
import { isDiskFull } from '../disk-full.ts';
import { openBlobStore } from '../files/blob-location.ts';
import { type BackupManifest, backupPaths, snapshotPaths } from './backup-format.ts';
import { copyDurably, syncFolder, writeDurably, type WrittenFile } from './durable-files.ts';
import { DamagedFileError, readContentList, readTable } from './read-snapshot.ts';
import { getSnapshot, loadManifest, type SnapshotFolder } from './snapshot-folders.ts';
import { type SnapshotVerdict, verifySnapshot } from './verify-server-backup.ts';

export interface ServerRestoreOptions {
  /** A folder of backups, for its newest snapshot, or a snapshot's folder. */
  readonly from: string;
  /** Does not exist yet, or is empty. */
  readonly dataFolder: string;
  /** An empty PostgreSQL database to restore into, instead of a file in the folder. */
  readonly databaseUrl: string | undefined;
  /** Where the contents go, if not into the folder: as the server's own option. */
  readonly blobs?: string | undefined;
}

export interface ServerRestoreResult {
  readonly snapshot: string;
  readonly createdAt: string;
  readonly rows: number;
  readonly contents: number;
  readonly contentBytes: number;
  readonly absent: SnapshotVerdict['absent'];
}

/**
 * Restores a server from a backup (SY-15), into whichever storage: the rows at the version in which they were,
 * then newer migrations. The backup is verified before anything is made, and each file again as it is copied.
 * The folder gets its name when everything else is done, and a PostgreSQL database its tables in one transaction.
 *
 * @throws StintError `bundle_not_whole` naming each file that is missing or changed, `conflict` for a target
 * that is not empty, `not_found`, `database_newer`, `disk_full`. Nothing that could be started is left then.
 */
export async function restoreServerBackup(
  options: ServerRestoreOptions,
): Promise<ServerRestoreResult> {
  const target = path.resolve(options.dataFolder);
  const snapshot = await getSnapshot(options.from);
  await assertEmptyFolder(target);
  const manifest = await loadManifest(snapshot);
  const verdict = await verifySnapshot(snapshot);
  assertWhole(verdict);
  const incoming = `${target}.restoring`;
  await rm(incoming, { recursive: true, force: true });
  try {
    for (const part of ['blobs', 'keys', 'uploads'])
      await mkdir(path.join(incoming, part), { recursive: true, mode: 0o700 });
    if (options.blobs === undefined) await copyContents(snapshot, manifest, incoming);
    else await putContents(snapshot, manifest, incoming, options.blobs);
    await copyKeys(snapshot, manifest, incoming);
    await restoreDatabase({
      databasePath: path.join(incoming, 'server.db'),
      databaseUrl: options.databaseUrl,
      migrations: manifest.migrations,
      fill: (insert) => fillTables(snapshot, manifest, insert),
      // On PostgreSQL two things have to become real together: the folder comes first, marked as unfinished.
      beforeCommit: () =>
        options.databaseUrl === undefined ? Promise.resolve() : publishMarked(incoming, target),
    });
    if (options.databaseUrl === undefined) await publish(incoming, target);
    else await rm(path.join(target, unfinishedRestoreName));
  } catch (error) {
    await rm(incoming, { recursive: true, force: true });
    if (error instanceof DamagedFileError)
      throw new StintError('bundle_not_whole', `the backup changed while it was read`, {
        cause: error,
      });
    throw describeFailure(error, target);
  }
  const { rows, contents, contentBytes, absent } = verdict;
  return {
    snapshot: snapshot.name,
    createdAt: manifest.createdAt,
    rows,
    contents,
    contentBytes,
    absent,
  };
}

async function assertEmptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0)
    throw new StintError(
      'conflict',
      `${folder} is not empty: a server is restored into a folder that does not exist yet, or is empty`,
    );
}

function assertWhole({ snapshot, isWhole, missing, changed, problems }: SnapshotVerdict): void {
  if (isWhole) return;
  const lines = [
    ...problems,
    ...missing.map((name) => `missing: ${name}`),
    ...changed.map((name) => `changed: ${name}`),
  ];
  throw new StintError(
    'bundle_not_whole',
    `the backup ${snapshot} is not whole; nothing was restored\n${lines.join('\n')}`,
  );
}

async function copyContents(
  snapshot: SnapshotFolder,
  manifest: BackupManifest,
  incoming: string,
): Promise<void> {
  const folders = new Set<string>([path.join(incoming, 'blobs')]);
  for await (const line of readContentList(snapshot.path, manifest.contents)) {
    const organization = path.join(incoming, 'blobs', line.orgId);
    const folder = path.join(organization, line.sha256.slice(0, 2));
    if (!folders.has(folder)) await mkdir(folder, { recursive: true });
    folders.add(organization).add(folder);
    const source = backupPaths.content(snapshot.backupFolder, line.sha256);
    assertSame(await copyDurably(source, path.join(folder, line.sha256)), line);
  }
  for (const folder of folders) await syncFolder(folder);
}

/** Into a bucket, from which nothing is removed when the restore fails: a content by its hash is never the wrong one. */
async function putContents(
  snapshot: SnapshotFolder,
  manifest: BackupManifest,
  incoming: string,
  location: string,
): Promise<void> {
  const blobs = await openBlobStore(path.join(incoming, 'blobs'), location);
  try {
    for await (const line of readContentList(snapshot.path, manifest.contents)) {
      const source = backupPaths.content(snapshot.backupFolder, line.sha256);
      const part = path.join(incoming, 'uploads', line.sha256);
      assertSame(await copyDurably(source, part), line);
      await blobs.adopt(line.orgId, line.sha256, part);
    }
  } finally {
    blobs.close();
  }
}

async function copyKeys(
  snapshot: SnapshotFolder,
  manifest: BackupManifest,
  incoming: string,
): Promise<void> {
  for (const key of manifest.keys) {
    const copied = await copyDurably(
      snapshotPaths.key(snapshot.path, key.name),
      path.join(incoming, 'keys', key.name),
    );
    assertSame(copied, key);
  }
  await syncFolder(path.join(incoming, 'keys'));
}

function assertSame(found: WrittenFile, expected: WrittenFile): void {
  if (found.sha256 !== expected.sha256 || found.sizeBytes !== expected.sizeBytes)
    throw new DamagedFileError('changed since it was verified', false);
}

async function fillTables(
  snapshot: SnapshotFolder,
  manifest: BackupManifest,
  insert: (table: string, rows: readonly StoredRow[]) => Promise<void>,
): Promise<void> {
  for (const table of manifest.tables)
    for await (const page of readTable(snapshot.path, table)) await insert(table.name, page);
}

async function publishMarked(incoming: string, target: string): Promise<void> {
  await writeDurably(path.join(incoming, unfinishedRestoreName), '');
  await publish(incoming, target);
}

async function publish(incoming: string, target: string): Promise<void> {
  await syncFolder(incoming);
  // Where an empty folder is there, some systems rename onto it, and some do not.
  await rmdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(incoming, target);
  await syncFolder(path.dirname(target));
}

function describeFailure(error: unknown, target: string): unknown {
  if (isDiskFull(error))
    return new StintError('disk_full', `there is no room for ${target}; nothing was restored`, {
      cause: error,
    });
  return error;
}
