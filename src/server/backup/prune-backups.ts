import { createHash } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { StintError } from '../../shared/errors.ts';
import { backupPaths, contentLineSchema, snapshotPaths } from './backup-format.ts';
import { readLines } from './durable-files.ts';
import { listSnapshots, loadManifest } from './snapshot-folders.ts';

export interface PruneResult {
  readonly removedSnapshots: readonly string[];
  readonly removedContents: number;
  readonly pruneProblem: string | null;
}

/** Clears away what a killed backup or removal left behind. The folder must be locked. */
export async function clearUnfinished(backupFolder: string): Promise<void> {
  const folder = backupPaths.snapshots(backupFolder);
  for (const name of await readdir(folder))
    if (/^\.(?:incoming|removed)-/.test(name))
      await rm(path.join(folder, name), { recursive: true, force: true });
}

/**
 * Removes the oldest snapshots beyond `keep`, and then the contents that no snapshot left names. Where a
 * remaining snapshot's list cannot be read whole, every content stays. The folder must be locked.
 * @param made the snapshot that was just made: it stays, also where a clock that was ahead named others as newer.
 */
export async function pruneBackups(
  backupFolder: string,
  keep: number | undefined,
  made: string,
): Promise<PruneResult> {
  if (keep === undefined) return { removedSnapshots: [], removedContents: 0, pruneProblem: null };
  const others = (await listSnapshots(backupFolder)).filter(({ name }) => name !== made);
  const removed = others.slice(0, Math.max(0, others.length - (Math.max(1, keep) - 1)));
  for (const snapshot of removed) {
    // Out of the list in one step: half of it must never look whole.
    const leaving = path.join(path.dirname(snapshot.path), `.removed-${snapshot.name}`);
    await rename(snapshot.path, leaving);
    await rm(leaving, { recursive: true, force: true });
  }
  const removedSnapshots = removed.map(({ name }) => name);
  try {
    const wanted = await listWantedContents(backupFolder);
    const removedContents = await removeOtherContents(backupFolder, wanted);
    return { removedSnapshots, removedContents, pruneProblem: null };
  } catch (error) {
    if (!(error instanceof StintError)) throw error;
    return {
      removedSnapshots,
      removedContents: 0,
      pruneProblem: `no content was removed: ${error.message}`,
    };
  }
}

async function listWantedContents(backupFolder: string): Promise<Set<string>> {
  const wanted = new Set<string>();
  for (const snapshot of await listSnapshots(backupFolder)) {
    const { contents } = await loadManifest(snapshot);
    const hash = createHash('sha256');
    const fail = (): StintError =>
      new StintError(
        'bundle_not_whole',
        `the list of contents of the backup ${snapshot.name} is missing or was changed`,
      );
    try {
      for await (const line of readLines(snapshotPaths.contents(snapshot.path), hash))
        wanted.add(contentLineSchema.parse(JSON.parse(line)).sha256);
    } catch {
      throw fail();
    }
    if (hash.digest('hex') !== contents.sha256) throw fail();
  }
  return wanted;
}

async function removeOtherContents(
  backupFolder: string,
  wanted: ReadonlySet<string>,
): Promise<number> {
  const root = path.join(backupFolder, 'contents');
  let removed = 0;
  for (const part of await readdir(root)) {
    if (!/^[0-9a-f]{2}$/.test(part)) continue;
    for (const name of await readdir(path.join(root, part))) {
      if (wanted.has(name)) continue;
      await rm(path.join(root, part, name), { force: true });
      removed += 1;
    }
  }
  return removed;
}
