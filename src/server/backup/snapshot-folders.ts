import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { StintError } from '../../shared/errors.ts';
import {
  type BackupManifest,
  backupManifestSchema,
  backupPaths,
  backupVersion,
  snapshotPaths,
} from './backup-format.ts';

/** A snapshot that is whole by its name; what it holds has not been looked at. */
export interface SnapshotFolder {
  readonly name: string;
  readonly path: string;
  /** The folder of backups that it lies in, with the contents. */
  readonly backupFolder: string;
}

const namePattern = /^\d{8}T\d{9}Z(?:-\d+)?$/;

/** Snapshots by age, the oldest first. Those that a killed backup left behind have other names. */
export async function listSnapshots(backupFolder: string): Promise<SnapshotFolder[]> {
  const folder = backupPaths.snapshots(backupFolder);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .filter((name) => namePattern.test(name))
    .sort((one, other) => (one < other ? -1 : 1))
    .map((name) => ({ name, path: path.join(folder, name), backupFolder }));
}

/** A name that sorts by time: `20261123T054000123Z`. */
export function computeSnapshotName(createdAt: string): string {
  return createdAt.replaceAll(/[-:.]/g, '');
}

/**
 * The snapshot that a person means: the newest of a folder of backups, or the one whose folder they name.
 * @throws StintError `not_found`.
 */
export async function getSnapshot(from: string): Promise<SnapshotFolder> {
  const resolved = path.resolve(from);
  const newest = (await listSnapshots(resolved)).at(-1);
  if (newest !== undefined) return newest;
  const name = path.basename(resolved);
  const parent = path.dirname(resolved);
  // Named as `DEST/snapshots/NAME`, or, since that is what is listed, as `DEST/NAME`.
  const backupFolder = path.basename(parent) === 'snapshots' ? path.dirname(parent) : parent;
  const snapshot = path.join(backupPaths.snapshots(backupFolder), name);
  if (namePattern.test(name) && (await isFolder(snapshot)))
    return { name, path: snapshot, backupFolder };
  throw new StintError('not_found', `there is no backup in ${from}`);
}

async function isFolder(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true;
}

/** @throws StintError `bundle_malformed` naming what is wrong with the manifest; `database_newer` for a newer format. */
export async function loadManifest(snapshot: SnapshotFolder): Promise<BackupManifest> {
  const fail = (reason: string): StintError =>
    new StintError('bundle_malformed', `the manifest of the backup ${snapshot.name} ${reason}`);
  const text = await readFile(snapshotPaths.manifest(snapshot.path), 'utf8').catch(() => {
    throw fail('is missing');
  });
  const recorded = await readFile(snapshotPaths.manifestHash(snapshot.path), 'utf8').catch(() => {
    throw fail('has no manifest.sha256 beside it');
  });
  if (createHash('sha256').update(text).digest('hex') !== recorded.slice(0, 64))
    throw fail('was changed: it does not have the hash in manifest.sha256');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw fail('is not JSON');
  }
  const version = (parsed as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > backupVersion)
    throw new StintError(
      'database_newer',
      `the backup ${snapshot.name} has format version ${version}; this version of Stint knows ${backupVersion}`,
    );
  const manifest = backupManifestSchema.safeParse(parsed);
  if (!manifest.success)
    throw fail(`cannot be read (${manifest.error.issues[0]?.path.join('.') ?? 'format'})`);
  return manifest.data;
}
