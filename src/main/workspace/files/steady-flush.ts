import type { FileHandle } from 'node:fs/promises';

const flushBytes = 32 * 1024 * 1024;

/**
 * Has what was written of a large file go to the disk while more of it is written, one flush at a time: the last fsync
 * then has little left to wait for, and the system's memory does not fill with what the disk has not got yet.
 */
export class SteadyFlush {
  readonly #file: FileHandle;
  #writtenBytes = 0;
  #running: Promise<void> | undefined;
  /** A system tells of a write that failed once: it must not be lost here, or the last fsync would find nothing wrong. */
  #failure: { readonly error: unknown } | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** The disk lost some of what was written, though it can still be read: the file is worth nothing. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  note(sizeBytes: number): void {
    this.#writtenBytes += sizeBytes;
    if (this.#writtenBytes < flushBytes || this.#running !== undefined) return;
    this.#writtenBytes = 0;
    this.#running = this.#file
      .datasync()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Waits for the flush that runs; to be called before the file is closed. */
  async settle(): Promise<void> {
    await this.#running;
  }

  /** Everything on the disk. Throws what any flush found. */
  async end(): Promise<void> {
    await this.settle();
    await this.#file.sync().catch((error: unknown) => {
      this.#failure ??= { error };
    });
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
