import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { eachPiece } from '../../shared/each-piece.ts';
import { PieceWriter } from '../../shared/piece-writer.ts';

const mostHashes = 200;

/**
 * Where uploads grow. As the package's own store, but that a full disk is told as such, that bytes are written in few
 * large pieces, and that each request's bytes are on their way to the disk before the next one comes: the fsync at the
 * end then has little left to wait for. They are hashed as they come, so that a large file need not be read again at its
 * end.
 *
 * A system tells of bytes that it could not bring to the disk once, and shows them to readers all the same: their hash
 * would be right until the machine is restarted. So an upload of which a flush failed is worth nothing.
 */
export class UploadStore extends FileStore {
  /** The flush that runs, or one that failed: that one stays, so that nothing more is made of its upload. */
  readonly #flushing = new Map<string, Promise<void>>();
  readonly #onLost: (uploadId: string) => Promise<void>;
  readonly #onArrived: (sizeBytes: number) => void;

  /**
   * @param onLost called as soon as a flush has failed; forgets the upload, so that it comes again from its start.
   * @param onArrived called with how much each request brought, whether it was cut off or not.
   */
  constructor(
    directory: string,
    onLost: (uploadId: string) => Promise<void>,
    onArrived: (sizeBytes: number) => void = () => undefined,
  ) {
    super({ directory });
    this.#onLost = onLost;
    this.#onArrived = onArrived;
  }

  /** SHA-256 of what came through this process, in order and from the first byte on, with where it ends. */
  readonly #hashes = new Map<string, { readonly hash: Hash; end: number }>();

  /** Throws what an earlier flush of the same upload did, or what this write does. */
  override async write(readable: Readable, uploadId: string, offset: number): Promise<number> {
    const file = await open(path.join(this.directory, path.basename(uploadId)), 'r+');
    try {
      const end = await this.#writeAll(file, readable, uploadId, offset);
      // One flush at a time for each upload: a disk that is slower than the line holds the line back.
      await this.settle(uploadId);
      const flushed = this.#flush(uploadId, file);
      // Whoever asks for this upload next is told.
      flushed.catch(() => undefined);
      this.#flushing.set(uploadId, flushed);
      return end;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** @returns the position after the last byte. What came before a break of the line is kept. */
  async #writeAll(
    file: FileHandle,
    readable: Readable,
    uploadId: string,
    offset: number,
  ): Promise<number> {
    const writer = new PieceWriter(file, offset);
    const known = this.#hashes.get(uploadId);
    // Taken out while it grows: what is not written is not hashed either, and nobody takes it for whole.
    this.#hashes.delete(uploadId);
    const hash =
      offset === 0 ? createHash('sha256') : known?.end === offset ? known.hash : undefined;
    let broken: { readonly error: unknown } | undefined;
    try {
      for await (const piece of eachPiece(readable)) {
        hash?.update(piece);
        await writer.add(piece);
      }
    } catch (error) {
      broken = { error };
    }
    await writer.finish();
    this.#onArrived(writer.end - offset);
    if (hash !== undefined) this.#keepHash(uploadId, hash, writer.end);
    if (broken !== undefined) throw broken.error;
    return writer.end;
  }

  /** Of those whose devices went away, the oldest go: their bytes are read again if they come back. */
  #keepHash(uploadId: string, hash: Hash, end: number): void {
    this.#hashes.set(uploadId, { hash, end });
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size > mostHashes && oldest !== undefined) this.#hashes.delete(oldest);
  }

  /**
   * The SHA-256 of a whole upload, if all of it came through this process and in order; undefined otherwise, and it has
   * to be read. Answered once.
   */
  takeHash(uploadId: string, sizeBytes: number): string | undefined {
    const known = this.#hashes.get(uploadId);
    this.#hashes.delete(uploadId);
    return known?.end === sizeBytes ? known.hash.digest('hex') : undefined;
  }

  async #flush(uploadId: string, file: FileHandle): Promise<void> {
    try {
      await file.datasync();
    } catch (error) {
      this.#hashes.delete(uploadId);
      await this.#onLost(uploadId);
      throw error;
    } finally {
      await file.close();
    }
    this.#flushing.delete(uploadId);
  }

  /** Waits until what came of an upload is on the disk. Throws what went wrong; the upload is lost then. */
  async settle(uploadId: string): Promise<void> {
    await this.#flushing.get(uploadId);
  }
}
