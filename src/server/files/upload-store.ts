import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { PieceWriter } from '../../shared/piece-writer.ts';

/**
 * Where uploads grow. As the package's own store, but that a full disk is told as such, that bytes are written in few
 * large pieces, and that each request's bytes are on their way to the disk before the next one comes: the fsync at the
 * end then has little left to wait for.
 */
export class UploadStore extends FileStore {
  readonly #flushing = new Map<string, Promise<void>>();

  override async write(readable: Readable, uploadId: string, offset: number): Promise<number> {
    const file = await open(path.join(this.directory, path.basename(uploadId)), 'r+');
    try {
      const end = await writeAll(file, readable, offset);
      // One flush at a time for each upload: a disk that is slower than the line holds the line back.
      await this.settle(uploadId);
      this.#flush(uploadId, file);
      return end;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #flush(uploadId: string, file: FileHandle): void {
    const flushed = file
      .datasync()
      .then(() => file.close())
      .then(() => {
        this.#flushing.delete(uploadId);
      });
    // A system tells of a write that failed once: whoever asks for this upload next is told.
    flushed.catch(() => undefined);
    this.#flushing.set(uploadId, flushed);
  }

  /** Waits until what came of an upload is on the disk. Throws what went wrong; the upload is worth nothing then. */
  async settle(uploadId: string): Promise<void> {
    try {
      await this.#flushing.get(uploadId);
    } finally {
      this.#flushing.delete(uploadId);
    }
  }
}

/** @returns the position after the last byte. What came before a break of the line is kept. */
async function writeAll(file: FileHandle, readable: Readable, offset: number): Promise<number> {
  const writer = new PieceWriter(file, offset);
  try {
    for await (const piece of readable as AsyncIterable<Buffer>) await writer.add(piece);
  } catch (error) {
    await writer.finish();
    throw error;
  }
  await writer.finish();
  return writer.end;
}
