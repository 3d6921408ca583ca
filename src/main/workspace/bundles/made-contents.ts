import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { letGo } from '../../../shared/let-go.ts';
import type { ArchiveEntry, StoredEntry } from './archive-writer.ts';
import { readBlocks } from './read-blocks.ts';

/**
 * Where large contents that are made for an archive lie until it has them: their hashes stand before them in it, so
 * that all have to be there first, and in memory they would be tens of megabytes.
 */
export class MadeContents {
  readonly #folder: string;
  #count = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Exports take turns: what lies in `folder` is what one that was killed left. */
  static async open(folder: string): Promise<MadeContents> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    return new MadeContents(folder);
  }

  /** A file of this folder that nothing has yet. */
  nameFile(): string {
    this.#count += 1;
    return join(this.#folder, String(this.#count));
  }

  /**
   * A content of one piece stays in memory; there are many of them.
   *
   * @throws an error with the system's code where the disk does not take it.
   */
  async keep(path: string, pieces: AsyncIterator<Buffer>): Promise<ArchiveEntry> {
    const first = await pieces.next();
    const second = await pieces.next();
    if (first.done === true) return { path, content: Buffer.alloc(0) };
    if (second.done === true) return { path, content: first.value };
    return await this.write(path, this.nameFile(), eachOf([first.value, second.value], pieces));
  }

  /** Into the file of that name, whatever the size; the pieces are let go. */
  async write(path: string, target: string, pieces: AsyncIterable<Buffer>): Promise<StoredEntry> {
    const hash = createHash('sha256');
    let checksum = 0;
    let sizeBytes = 0;
    const file = await open(target, 'wx', 0o600);
    try {
      for await (const piece of pieces) {
        hash.update(piece);
        checksum = crc32(piece, checksum);
        sizeBytes += piece.byteLength;
        await file.writeFile(piece);
        letGo(piece);
      }
    } finally {
      await file.close();
    }
    const sha256 = hash.digest('hex');
    return { ...openStored(path, target, { sha256, sizeBytes }), crc32: checksum };
  }

  /** Once the archive has all of it, or is not written after all. */
  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** A file of this computer as an entry. */
export function openStored(
  path: string,
  file: string,
  { sha256, sizeBytes }: { readonly sha256: string; readonly sizeBytes: number },
): StoredEntry {
  return { path, sha256, sizeBytes, open: (take) => readBlocks(file, sizeBytes, take) };
}

async function* eachOf(
  first: readonly Buffer[],
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
