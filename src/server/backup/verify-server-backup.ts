import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { StintError } from '../../shared/errors.ts';
import { serverMigrations } from '../database/migrate-server-database.ts';
import {
  type AbsentContent,
  type BackupManifest,
  backupPaths,
  snapshotPaths,
} from './backup-format.ts';
import type { WrittenFile } from './durable-files.ts';
import { DamagedFileError, readContentList, readTable } from './read-snapshot.ts';
import {
  listSnapshots,
  loadManifest,
  getSnapshot,
  type SnapshotFolder,
} from './snapshot-folders.ts';

export interface SnapshotVerdict {
  readonly snapshot: string;
  readonly isWhole: boolean;
  /** Paths below the folder of backups. */
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  readonly problems: readonly string[];
  /** Known at the time of the backup already: the server itself did not have them. */
  readonly absent: readonly AbsentContent[];
  readonly rows: number;
  readonly contents: number;
  readonly contentBytes: number;
}

/** Checks every snapshot of a folder of backups, or the one named; each content is read once. */
export async function verifyServerBackups(from: string): Promise<SnapshotVerdict[]> {
  const all = await listSnapshots(path.resolve(from));
  const snapshots = all.length > 0 ? all : [await getSnapshot(from)];
  const known = new Map<string, 'whole' | 'missing' | 'changed'>();
  const verdicts: SnapshotVerdict[] = [];
  for (const snapshot of snapshots) verdicts.push(await verifySnapshot(snapshot, known));
  return verdicts;
}

/** Reads everything that belongs to a snapshot, and names what is not as the manifest says. Nothing is changed. */
export async function verifySnapshot(
  snapshot: SnapshotFolder,
  known = new Map<string, 'whole' | 'missing' | 'changed'>(),
): Promise<SnapshotVerdict> {
  const findings = new Findings(snapshot);
  let manifest: BackupManifest;
  try {
    manifest = await loadManifest(snapshot);
  } catch (error) {
    if (!(error instanceof StintError)) throw error;
    findings.problems.push(error.message);
    return findings.computeVerdict(undefined);
  }
  const unknown = manifest.migrations.find((name) => !Object.hasOwn(serverMigrations, name));
  if (unknown !== undefined)
    findings.problems.push(
      `the backup was made by a newer version of Stint (it has the change "${unknown}"); it can be checked, and restored by that version`,
    );
  for (const table of manifest.tables)
    await findings.check(snapshotPaths.table(snapshot.path, table.name), async () => {
      for await (const page of readTable(snapshot.path, table)) findings.rows += page.length;
    });
  for (const key of manifest.keys) {
    const file = snapshotPaths.key(snapshot.path, key.name);
    await findings.check(file, () => verifyFile(file, key));
  }
  await findings.check(snapshotPaths.contents(snapshot.path), async () => {
    for await (const { sha256, sizeBytes } of readContentList(snapshot.path, manifest.contents)) {
      const file = backupPaths.content(snapshot.backupFolder, sha256);
      const state = known.get(sha256) ?? (await verifyContent(file, { sha256, sizeBytes }));
      known.set(sha256, state);
      if (state !== 'whole') findings.note(file, state);
    }
  });
  return findings.computeVerdict(manifest);
}

class Findings {
  readonly missing = new Set<string>();
  readonly changed = new Set<string>();
  readonly problems: string[] = [];
  rows = 0;
  readonly #snapshot: SnapshotFolder;

  constructor(snapshot: SnapshotFolder) {
    this.#snapshot = snapshot;
  }

  note(file: string, state: 'missing' | 'changed'): void {
    const name = path.relative(this.#snapshot.backupFolder, file).replaceAll('\\', '/');
    (state === 'missing' ? this.missing : this.changed).add(name);
  }

  async check(file: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      this.note(file, error.isMissing ? 'missing' : 'changed');
    }
  }

  computeVerdict(manifest: BackupManifest | undefined): SnapshotVerdict {
    return {
      snapshot: this.#snapshot.name,
      isWhole: this.missing.size + this.changed.size + this.problems.length === 0,
      missing: [...this.missing],
      changed: [...this.changed],
      problems: this.problems,
      absent: manifest?.absent ?? [],
      rows: this.rows,
      contents: manifest?.contents.count ?? 0,
      contentBytes: manifest?.contents.contentBytes ?? 0,
    };
  }
}

async function verifyContent(
  file: string,
  expected: WrittenFile,
): Promise<'whole' | 'missing' | 'changed'> {
  try {
    await verifyFile(file, expected);
    return 'whole';
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    return error.isMissing ? 'missing' : 'changed';
  }
}

async function verifyFile(file: string, expected: WrittenFile): Promise<void> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of createReadStream(file, {
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.byteLength;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') throw new DamagedFileError('is missing', true);
    throw new DamagedFileError(`cannot be read (${code})`, false);
  }
  if (hash.digest('hex') !== expected.sha256 || sizeBytes !== expected.sizeBytes)
    throw new DamagedFileError('does not have the hash in the manifest', false);
}
