import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import { lockDatabaseFile } from '../database/lock-database-file.ts';
import { isThere } from '../backup/durable-folder.ts';
import { packExtension } from './pack-format.ts';

const workFolderName = /^\.rescue-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const dayMs = 24 * 3_600_000;

/**
 * A hidden folder for what is needed while a pack is written, on the disk on which the pack will lie: copies of databases and
 * half of a pack, nothing that is nowhere else. What others left there whose process was ended is cleared away first.
 * @throws what the system says where it cannot be made.
 */
export async function makeWorkFolder(
  folder: string,
  { clock, randomness }: Pick<WorkspacePorts, 'clock' | 'randomness'>,
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  await clearWorkFolders(folder, clock.nowMs());
  const path = join(folder, `.rescue-${randomness.uuid()}`);
  await mkdir(path, { mode: 0o700 });
  const release = tryLock(path);
  return {
    path,
    async remove() {
      release?.();
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Clears away the work folders below `folder` that no process uses any more. What cannot be cleared away stays. */
export async function clearWorkFolders(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (workFolderName.test(name) && (await isLeft(join(folder, name), nowMs)))
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
}

/** Clears away what earlier versions left in the exports folder when they were ended while they wrote a pack. */
export async function clearPackParts(exportsFolder: string): Promise<void> {
  for (const name of await readdir(exportsFolder))
    if (
      name.startsWith('unsent-work-') &&
      [`${packExtension}.changes`, `${packExtension}.part`].some((ending) => name.endsWith(ending))
    )
      await rm(join(exportsFolder, name), { force: true });
}

/** Whose lock is gone, its process is. One without a lock is of an earlier version, or just being made. */
async function isLeft(path: string, nowMs: number): Promise<boolean> {
  if (!(await isThere(join(path, lockName)))) {
    const found = await stat(path).catch(() => undefined);
    return found !== undefined && found.isDirectory() && found.mtimeMs < nowMs - dayMs;
  }
  const release = tryLock(path);
  release?.();
  return release !== undefined;
}

const lockName = 'in-use';

/** Undefined where another process has it, or where the disk knows no locks. */
function tryLock(path: string): (() => void) | undefined {
  try {
    return lockDatabaseFile(join(path, lockName));
  } catch {
    return undefined;
  }
}
