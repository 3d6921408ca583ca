import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { runInLanes } from './run-in-lanes.ts';

/** Files that are written and flushed at once: what a disk is told at the same time, it does at the same time. */
const simultaneousFiles = 8;

export interface SmallContent {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/**
 * Puts many small contents, whose hashes are known to be right, into their places below `folder`: each flushed before it
 * appears there, and each folder flushed once, after all of them. When the promise settles they survive a power cut;
 * when it fails, some may be there.
 */
export async function storeTogether(
  contents: readonly SmallContent[],
  place: {
    readonly incoming: string;
    /** Of this call alone. */
    readonly batchId: string;
    readonly damaged: string;
    readonly computePath: (sha256: string) => string;
    readonly syncFolder: (folder: string) => Promise<void>;
  },
): Promise<void> {
  const folders = new Set(contents.map(({ sha256 }) => path.dirname(place.computePath(sha256))));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  await runInLanes(contents, simultaneousFiles, async ({ sha256, bytes }, index) => {
    const temporary = path.join(place.incoming, `${place.batchId}-${index}.import`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, place.computePath(sha256));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
  await runInLanes([...folders], simultaneousFiles, place.syncFolder);
  // What had been damaged here has come again.
  const damaged = new Set(await readdir(place.damaged).catch(() => []));
  for (const { sha256 } of contents)
    if (damaged.has(sha256)) await rm(path.join(place.damaged, sha256), { force: true });
}
