import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import type { Randomness } from '../../../shared/ports.ts';
import { readPieces } from './read-pieces.ts';
import { findDiskFailure } from './disk-failure.ts';
import { SteadyFlush } from './steady-flush.ts';
import { type SmallContent, storeTogether } from './store-together.ts';

export interface StoredFile {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Who watches an import: told how far it is, and asked whether it may go on. */
export interface ImportWatch {
  readonly signal: AbortSignal;
  /** A source that changed while it was read is begun again. */
  readonly onBegin: () => void;
  readonly onMoved: (movedBytes: number) => void;
  /** The disk is full: resolves when it is worth another try. What was read stays. */
  readonly waitForRoom: () => Promise<void>;
}

/**
 * The contents that this device holds, each once, under its SHA-256 (SY-21). A content appears under its
 * hash only when it is whole and on the disk, so whatever finds it there may use it.
 */
export class FileFolder {
  readonly #folder: string;
  readonly #randomness: Randomness;
  /** What was read and found sound, or made here, in this run; by hash, with the state it had on the disk then. */
  readonly #sound = new Map<string, string>();

  constructor(folder: string, randomness: Randomness) {
    this.#folder = folder;
    this.#randomness = randomness;
  }

  /** The path at which a content lies, or would lie. */
  path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('not a SHA-256');
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  /**
   * Where an unfinished download of this content grows; on the same file system, so that a rename ends it.
   * Each seat has its own: what one server sends must never be written into what another's is verified in.
   */
  partialPath(sha256: string, seatId: string): string {
    return join(this.#folder, 'incoming', `${sha256}.${seatId}.part`);
  }

  /** Makes the folders, and clears away what imports left behind that a kill had ended. */
  async prepare(): Promise<void> {
    const incoming = join(this.#folder, 'incoming');
    await mkdir(incoming, { recursive: true });
    for (const name of await readdir(incoming))
      if (name.endsWith('.import')) await rm(join(incoming, name), { force: true });
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.findSize(sha256)) !== undefined;
  }

  async findSize(sha256: string): Promise<number | undefined> {
    try {
      return (await stat(this.path(sha256))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** The hashes of all contents that are here. */
  async listHashes(): Promise<Set<string>> {
    const hashes = new Set<string>();
    for (const folder of await readdir(this.#folder))
      if (/^[0-9a-f]{2}$/.test(folder))
        for (const name of await readdir(join(this.#folder, folder)))
          if (/^[0-9a-f]{64}$/.test(name)) hashes.add(name);
    return hashes;
  }

  /**
   * Whether a content is here and is what its hash says: read through the first time in a run, and again when the
   * disk says that it was touched. One that is not is set aside, as by `setAsideIfDamaged`.
   */
  async isSound(sha256: string): Promise<boolean> {
    const state = await describeState(this.path(sha256));
    if (state === undefined) return false;
    if (this.#sound.get(sha256) === state) return true;
    if (await this.setAsideIfDamaged(sha256)) return false;
    this.#sound.set(sha256, state);
    return true;
  }

  /** Everything is read anew before its next use: what a disk changes by itself leaves no other trace. */
  forgetSound(): void {
    this.#sound.clear();
  }

  /** Removes a content from this computer. Harmless where it is not here. */
  async remove(sha256: string): Promise<void> {
    this.#sound.delete(sha256);
    await rm(this.path(sha256), { force: true });
  }

  /** All contents that are here, with size and the moment at which they came. */
  async listStored(): Promise<{ sha256: string; sizeBytes: number; cameMs: number }[]> {
    const stored: { sha256: string; sizeBytes: number; cameMs: number }[] = [];
    for (const sha256 of await this.listHashes()) {
      const found = await stat(this.path(sha256)).catch(() => undefined);
      if (found !== undefined)
        stored.push({ sha256, sizeBytes: found.size, cameMs: found.mtimeMs });
    }
    return stored;
  }

  /** Unfinished downloads and imports: what they take of the disk. */
  async computeUnfinishedBytes(): Promise<number> {
    const incoming = join(this.#folder, 'incoming');
    let bytes = 0;
    for (const name of await readdir(incoming))
      bytes += (await stat(join(incoming, name)).catch(() => undefined))?.size ?? 0;
    return bytes;
  }

  /** What the disk changed, and has not come again. */
  async listDamaged(): Promise<string[]> {
    return await readdir(join(this.#folder, 'damaged')).catch(() => []);
  }

  /** What is left on the disk; undefined where the system does not tell. */
  async findDiskFreeBytes(): Promise<number | undefined> {
    const found = await statfs(this.#folder).catch(() => undefined);
    return found === undefined ? undefined : found.bavail * found.bsize;
  }

  /**
   * Reads a content, and moves one that is not what its hash says out of the way, so that nobody uses it: it can
   * be fetched, or attached, again. What is left of it stays in `damaged` until then.
   *
   * @returns whether it was damaged; false for one that is not here.
   */
  async setAsideIfDamaged(sha256: string): Promise<boolean> {
    if (!(await this.has(sha256))) return false;
    const hash = createHash('sha256');
    for await (const piece of readPieces(this.path(sha256))) hash.update(piece);
    if (hash.digest('hex') === sha256) return false;
    await mkdir(join(this.#folder, 'damaged'), { recursive: true });
    await rename(this.path(sha256), this.#damagedPath(sha256));
    return true;
  }

  /** Whether a content was set aside as damaged, and has not come again. */
  async wasDamaged(sha256: string): Promise<boolean> {
    return await stat(this.#damagedPath(sha256)).then(
      () => true,
      () => false,
    );
  }

  #damagedPath(sha256: string): string {
    return join(this.#folder, 'damaged', sha256);
  }

  read(sha256: string, range?: { start: number; end: number }): NodeJS.ReadableStream {
    return createReadStream(this.path(sha256), range ?? {});
  }

  /**
   * Takes in a file of this machine. One that changes while it is read is noticed and read again, at most
   * three times.
   *
   * @throws StintError `file_missing`, `file_changed`, `disk_full`.
   */
  async importPath(path: string, watch?: ImportWatch): Promise<StoredFile> {
    for (let attempt = 1; ; attempt += 1) {
      const before = await statSource(path);
      watch?.onBegin();
      const stored = await this.importStream(readPieces(path), watch);
      const after = await statSource(path);
      const isUnchanged =
        before.mtimeNs === after.mtimeNs &&
        before.size === after.size &&
        after.size === BigInt(stored.sizeBytes);
      if (isUnchanged) return stored;
      if (attempt === 3)
        throw new StintError(
          'file_changed',
          `"${basename(path)}" kept changing while it was read; close the program that writes it and try again`,
        );
    }
  }

  /**
   * SY-21: copies while hashing to a temporary file, fsync, rename to the hash, fsync the folder. The
   * database row that refers to the content comes after this has returned.
   */
  async importStream(
    source: AsyncIterable<Uint8Array | string>,
    watch?: ImportWatch,
  ): Promise<StoredFile> {
    const temporary = join(this.#folder, 'incoming', `${this.#randomness.uuid()}.import`);
    const file = await open(temporary, 'wx', 0o600);
    const flush = new SteadyFlush(file);
    try {
      const stored = await copyWhileHashing(source, file, flush, watch);
      await flush.end();
      await file.close();
      await this.#adopt(temporary, stored.sha256);
      return stored;
    } catch (error) {
      await flush.settle();
      await file.close().catch(() => {});
      await rm(temporary, { force: true });
      throw findDiskFailure(error) ?? error;
    }
  }

  /**
   * SY-21 for many small contents, which were hashed: flushed together, where that is possible.
   * @throws StintError `disk_full`, or `unavailable` where the disk fails; some of them may be here then.
   */
  async storeAll(contents: readonly SmallContent[]): Promise<void> {
    try {
      await storeTogether(contents, {
        incoming: join(this.#folder, 'incoming'),
        batchId: this.#randomness.uuid(),
        damaged: join(this.#folder, 'damaged'),
        computePath: (sha256) => this.path(sha256),
        syncFolder,
      });
    } catch (error) {
      throw findDiskFailure(error) ?? error;
    }
  }

  /** Unfinished downloads of a seat, by hash. */
  async listPartials(seatId: string): Promise<Set<string>> {
    const suffix = `.${seatId}.part`;
    const names = await readdir(join(this.#folder, 'incoming'));
    return new Set(
      names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length)),
    );
  }

  /** Ends a download: what lies in the partial file has been found to have this hash. */
  async adoptPartial(sha256: string, seatId: string): Promise<void> {
    const partial = this.partialPath(sha256, seatId);
    const file = await open(partial, 'r+');
    try {
      await file.sync();
    } catch (error) {
      // The system tells of it once: the next look would find all bytes, and take them for kept.
      await rm(partial, { force: true });
      throw findDiskFailure(error) ?? error;
    } finally {
      await file.close();
    }
    await this.#adopt(partial, sha256);
  }

  async #adopt(temporary: string, sha256: string): Promise<void> {
    const target = this.path(sha256);
    const folder = join(this.#folder, sha256.slice(0, 2));
    await mkdir(folder, { recursive: true });
    // Before it can be found: what the disk, or anybody, changes from then on is no longer what was hashed.
    const state = await describeState(temporary);
    await rename(temporary, target);
    if (state !== undefined) this.#sound.set(sha256, state);
    await syncFolder(folder);
    await rm(this.#damagedPath(sha256), { force: true });
  }
}

async function describeState(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    return `${size} ${mtimeNs} ${ino}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function statSource(path: string): Promise<{ mtimeNs: bigint; size: bigint }> {
  try {
    const found = await stat(path, { bigint: true });
    if (!found.isFile())
      throw new StintError(
        'file_missing',
        `"${basename(path)}" is not a file; expected a regular file`,
      );
    return found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new StintError('file_missing', `there is no file "${basename(path)}" at that path`);
    throw error;
  }
}

async function copyWhileHashing(
  source: AsyncIterable<Uint8Array | string>,
  file: FileHandle,
  flush: SteadyFlush,
  watch: ImportWatch | undefined,
): Promise<StoredFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of source) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    watch?.signal.throwIfAborted();
    hash.update(bytes);
    let written = 0;
    while (written < bytes.byteLength) {
      const rest = bytes.byteLength - written;
      written += await writeWhereRoom(file, bytes.subarray(written), sizeBytes + written, watch);
      if (bytes.byteLength - written === rest) throw new Error('the disk took nothing of a write');
    }
    sizeBytes += bytes.byteLength;
    flush.note(bytes.byteLength);
    watch?.onMoved(sizeBytes);
  }
  watch?.signal.throwIfAborted();
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function writeWhereRoom(
  file: FileHandle,
  bytes: Uint8Array,
  position: number,
  watch: ImportWatch | undefined,
): Promise<number> {
  for (;;)
    try {
      return (await file.write(bytes, 0, bytes.byteLength, position)).bytesWritten;
    } catch (error) {
      if (watch === undefined || (error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      await watch.waitForRoom();
      watch.signal.throwIfAborted();
    }
}

/** Makes a rename last: the folder's own entry is what a power cut could lose. Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
