import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { BlobStore } from './blob-store.ts';
import {
  createSmallContentJournal,
  type SmallContentJournalPorts,
} from './small-content-journal.ts';
import { syncPath } from './sync-path.ts';

/** Beside the organizations' folders, whose names are ids. */
const asideName = '.damaged';
const journalName = '.journal';
const hashPattern = /^[0-9a-f]{64}$/;

/** Contents as files below `folder`: `<organization>/<first two digits>/<hash>`. */
export function createDiskBlobStore(folder: string, ports: SmallContentJournalPorts): BlobStore {
  const computePath = (orgId: string, sha256: string): string =>
    path.join(folder, orgId, sha256.slice(0, 2), sha256);
  const asideFolder = path.join(folder, asideName);
  const journal = createSmallContentJournal(path.join(folder, journalName), computePath, ports);

  async function* listFiles(parent: string): AsyncGenerator<{ sha256: string; filePath: string }> {
    for (const sha256 of await listEntries(parent))
      if (hashPattern.test(sha256)) yield { sha256, filePath: path.join(parent, sha256) };
  }

  return {
    async findSizeBytes(orgId, sha256) {
      const found = await findStats(computePath(orgId, sha256));
      return found?.isFile() === true ? found.size : undefined;
    },
    async adopt(orgId, sha256, sourcePath) {
      const targetPath = computePath(orgId, sha256);
      const targetFolder = path.dirname(targetPath);
      await mkdir(targetFolder, { recursive: true });
      await syncPath(sourcePath);
      // Over one that is there already, too: this one is known to be sound.
      await rename(sourcePath, targetPath);
      // The folders made on the way must survive as well.
      for (const parent of [targetFolder, path.dirname(targetFolder), folder])
        await syncPath(parent);
    },
    takeAll: (orgId, contents) => journal.take(orgId, contents),
    settle: () => journal.settle(),
    read(orgId, sha256, span) {
      return createReadStream(
        computePath(orgId, sha256),
        span === undefined ? {} : { start: span.first, end: span.last },
      );
    },
    async readSmall(orgId, sha256, mostBytes) {
      const file = await open(computePath(orgId, sha256), 'r').catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined;
          throw error;
        },
      );
      if (file === undefined) return undefined;
      try {
        const found = await file.stat();
        return found.isFile() && found.size <= mostBytes ? await file.readFile() : undefined;
      } finally {
        await file.close();
      }
    },
    async remove(orgId, sha256) {
      await rm(computePath(orgId, sha256), { force: true });
    },
    async setAside(orgId, sha256) {
      const sourcePath = computePath(orgId, sha256);
      const found = await findStats(sourcePath);
      if (found === undefined) return;
      const target = path.join(asideFolder, orgId);
      await mkdir(target, { recursive: true });
      await rename(sourcePath, path.join(target, sha256));
      for (const parent of [target, path.dirname(sourcePath)]) await syncPath(parent);
    },
    async removeSetAside(beforeMs) {
      let count = 0;
      for (const orgId of await listEntries(asideFolder))
        for await (const { filePath } of listFiles(path.join(asideFolder, orgId))) {
          const found = await findStats(filePath);
          // A move keeps the time at which the content was written, and notes that of the move here.
          if (found === undefined || found.ctimeMs >= beforeMs) continue;
          await rm(filePath, { force: true });
          count += 1;
        }
      return count;
    },
    async *list() {
      for (const orgId of await listEntries(folder)) {
        if (orgId === asideName || orgId === journalName) continue;
        for (const part of await listEntries(path.join(folder, orgId)))
          for await (const { sha256, filePath } of listFiles(path.join(folder, orgId, part))) {
            const found = await findStats(filePath);
            if (found?.isFile() === true)
              yield { orgId, sha256, sizeBytes: found.size, storedAtMs: found.ctimeMs };
          }
      }
    },
    close: () => undefined,
  };
}

async function listEntries(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}

async function findStats(filePath: string) {
  return await stat(filePath).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
