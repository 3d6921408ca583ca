import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open } from 'node:fs/promises';

/**
 * Where an archive grows, hashed on the way. What a run before this one left there is compared with what is
 * written now and kept as far as the two agree: an export that was killed goes on where it stood, and nothing of
 * the other run is trusted.
 */
export class ArchiveSink {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  /** How much an earlier run left; 0 once this one writes for itself. */
  #leftBytes: number;
  #position = 0;
  #resumedBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, leftBytes: number) {
    this.#file = file;
    this.#leftBytes = leftBytes;
  }

  static async open(path: string): Promise<ArchiveSink> {
    const found = await lstat(path).catch(() => undefined);
    // Through a link or a device nothing can be taken up again.
    if (found === undefined || !found.isFile())
      return new ArchiveSink(await open(path, 'w', 0o600), 0);
    return new ArchiveSink(await open(path, 'r+'), found.size);
  }

  get position(): number {
    return this.#position;
  }

  /** Bytes that were there already. */
  get resumedBytes(): number {
    return this.#resumedBytes;
  }

  /**
   * Takes `parts` in order. One write is under way while the next is prepared: the caller must not change the
   * buffers before the call after the next returns, or `finish`.
   */
  async write(parts: readonly Buffer[]): Promise<void> {
    await this.#writing;
    for (const part of parts) this.#hash.update(part);
    const sizeBytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const start = this.#position;
    this.#position += sizeBytes;
    if (this.#leftBytes > 0 && (await this.#isThere(parts, start))) {
      this.#resumedBytes = this.#position;
      return;
    }
    if (this.#leftBytes > 0) {
      await this.#file.truncate(start);
      this.#leftBytes = 0;
    }
    this.#writing = writeAll(this.#file, parts, start);
    // Whoever awaits next hears of a failure.
    this.#writing.catch(() => {});
  }

  /** The bytes are on the disk afterwards. */
  async finish(): Promise<{ sizeBytes: number; sha256: string }> {
    await this.#writing;
    if (this.#leftBytes > this.#position) await this.#file.truncate(this.#position);
    await this.#file.sync();
    await this.#file.close();
    return { sizeBytes: this.#position, sha256: this.#hash.digest('hex') };
  }

  async abandon(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#file.close().catch(() => {});
  }

  async #isThere(parts: readonly Buffer[], start: number): Promise<boolean> {
    if (start >= this.#leftBytes || this.#position > this.#leftBytes) return false;
    let position = start;
    for (const part of parts) {
      const found = Buffer.allocUnsafe(part.byteLength);
      for (let read = 0; read < found.byteLength;) {
        const { bytesRead } = await this.#file.read(
          found,
          read,
          found.byteLength - read,
          position + read,
        );
        if (bytesRead === 0) return false;
        read += bytesRead;
      }
      if (!found.equals(part)) return false;
      position += part.byteLength;
    }
    return true;
  }
}

async function writeAll(file: FileHandle, parts: readonly Buffer[], start: number): Promise<void> {
  const whole = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const { bytesWritten } = await file.writev([...parts], start);
  if (bytesWritten === whole) return;
  // A write may end early; the rest follows piece by piece.
  let skipped = bytesWritten;
  let position = start + bytesWritten;
  for (const part of parts) {
    let written = Math.min(skipped, part.byteLength);
    skipped -= written;
    while (written < part.byteLength) {
      const more = await file.write(part, written, part.byteLength - written, position);
      written += more.bytesWritten;
      position += more.bytesWritten;
    }
  }
}
