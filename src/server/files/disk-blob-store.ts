import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { BlobStore } from './blob-store.ts';

/** Contents as files below `folder`: `<organization>/<first two digits>/<hash>`. */
export function createDiskBlobStore(folder: string): BlobStore {
  const computePath = (orgId: string, sha256: string): string =>
    path.join(folder, orgId, sha256.slice(0, 2), sha256);

  async function findSizeBytes(orgId: string, sha256: string): Promise<number | undefined> {
    try {
      const found = await stat(computePath(orgId, sha256));
      return found.isFile() ? found.size : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  return {
    findSizeBytes,
    async adopt(orgId, sha256, sourcePath) {
      if ((await findSizeBytes(orgId, sha256)) !== undefined) {
        await rm(sourcePath, { force: true });
        return;
      }
      const targetPath = computePath(orgId, sha256);
      const targetFolder = path.dirname(targetPath);
      await mkdir(targetFolder, { recursive: true });
      await syncPath(sourcePath);
      await rename(sourcePath, targetPath);
      // The folders made on the way must survive as well.
      for (const parent of [targetFolder, path.dirname(targetFolder), folder])
        await syncPath(parent);
    },
    read(orgId, sha256, span) {
      return createReadStream(
        computePath(orgId, sha256),
        span === undefined ? {} : { start: span.first, end: span.last },
      );
    },
  };
}

/** Flushes a file, or a folder's entries, to the disk. */
async function syncPath(filePath: string): Promise<void> {
  let handle;
  try {
    handle = await open(filePath, 'r');
  } catch (error) {
    // Windows does not open folders; its file system keeps their entries in its own journal.
    if (process.platform === 'win32') return;
    throw error;
  }
  try {
    await handle.sync();
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    await handle.close();
  }
}
