import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** Unpacks a ZIP whose names are known to be harmless, and answers the paths of its files in the archive's order. */
export async function unpackArchive(archive: string, folder: string): Promise<string[]> {
  const zip = await openPromise(archive);
  const files: string[] = [];
  for await (const entry of zip.eachEntry()) {
    const target = path.join(folder, entry.fileName);
    await mkdir(path.dirname(target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
    files.push(target);
  }
  return files;
}
