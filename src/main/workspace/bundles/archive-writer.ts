import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { StintError } from '../../../shared/errors.ts';
import { ArchiveSink } from './archive-sink.ts';
import { BlockPool, type TakeBlock } from './block-pool.ts';
import {
  computeCentralHeader,
  computeDescriptor,
  computeEnd,
  computeLocalHeader,
  type ZipEntry,
} from './zip-records.ts';

/** A text that is made for the archive, held in memory: reports, tables, manifests. */
export interface MadeEntry {
  readonly path: string;
  readonly content: Buffer;
}

/** A file that is streamed into the archive and checked against its hash on the way. */
export interface StoredEntry {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Where it is known: its header says it then, whatever its size. */
  readonly crc32?: number;
  /** The buffers it gives are from `take`, or are not changed afterwards. */
  open(take: TakeBlock): AsyncIterable<Buffer | string>;
}

export type ArchiveEntry = MadeEntry | StoredEntry;

export interface WrittenArchive {
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Bytes that an earlier run, ended before its time, had written already. */
  readonly resumedBytes: number;
}

export interface ArchiveWatch {
  readonly signal?: AbortSignal;
  /** Called after each block, with the bytes of the archive so far. */
  onProgress?(writtenBytes: number): void;
  /** Asked once the signal has ended it: whether what is written stays for the next call. */
  keepsPart?(): boolean;
}

/**
 * Up to this size a content is read before its header is written, which then says its CRC-32: programs that read
 * an archive as a stream can do without the descriptor behind it.
 */
const wholeBytes = 4 * 1024 * 1024;
/** Small files are opened ahead, because opening takes longer than reading them. */
const filesAhead = 8;
/** And no more than so many bytes of them. */
const bytesAhead = 8 * 1024 * 1024;
const longestNameBytes = 0xffff;

/**
 * Writes a ZIP to `path`, entry by entry in the given order, never holding more than a few small files in memory;
 * ZIP64 where the sizes ask for it. The same entries and `day` give the same bytes on every machine and in every
 * time zone: contents are stored as they are, because compressors differ between processors and versions, and
 * deliverables are mostly compressed already. When the promise fulfils, the bytes are on the disk; when it fails,
 * nothing is left at `path`. A kill leaves what was written, and the next call with the same path goes on from it.
 *
 * @param day the calendar day that the entries carry, such as `2026-03-01`.
 * @throws StintError `hash_mismatch` naming the entry whose content is not what its hash says, `file_missing` naming
 * one that cannot be read, `disk_full`, `cancelled` once the signal says so.
 */
export async function writeArchive(
  path: string,
  entries: readonly ArchiveEntry[],
  day: string,
  watch: ArchiveWatch = {},
): Promise<WrittenArchive> {
  let sink: ArchiveSink | undefined;
  try {
    sink = await ArchiveSink.open(path);
    await writeEntries(sink, entries, day, watch);
    const written = await sink.finish();
    return { ...written, resumedBytes: sink.resumedBytes };
  } catch (error) {
    await sink?.abandon();
    // A full disk hurts the databases beside it first: what is half written makes room for them.
    const isKept = watch.signal?.aborted === true && watch.keepsPart?.() === true;
    if (sink !== undefined && !isKept) await rm(path, { force: true });
    throw describeWriteFailure(error);
  }
}

async function writeEntries(
  sink: ArchiveSink,
  entries: readonly ArchiveEntry[],
  day: string,
  watch: ArchiveWatch,
): Promise<void> {
  const written: ZipEntry[] = [];
  const pool = new BlockPool();
  const ahead = new ContentsAhead(entries, pool.take);
  /** What the sink may still be writing: free once it has taken the next. */
  let lent: readonly Buffer[] = [];
  try {
    for (const [index, entry] of entries.entries()) {
      watch.signal?.throwIfAborted();
      const name = computeName(entry.path);
      const offset = sink.position;
      const content = await ahead.take(index);
      if (content !== undefined) {
        const zipEntry = {
          name,
          sizeBytes: content.reduce((sum, { byteLength }) => sum + byteLength, 0),
          crc32: content.reduce((checksum, piece) => crc32(piece, checksum), 0),
          offset,
          hasDescriptor: false,
        };
        await sink.write([computeLocalHeader(zipEntry, day), ...content]);
        pool.giveBack(lent);
        lent = content;
        written.push(zipEntry);
      } else {
        written.push(await streamEntry(sink, pool, entry as StoredEntry, name, day, watch));
        pool.giveBack(lent);
        lent = [];
      }
      watch.onProgress?.(sink.position);
    }
  } finally {
    ahead.stop();
  }
  const directoryOffset = sink.position;
  for (let start = 0; start < written.length; start += 1000)
    await sink.write(
      written.slice(start, start + 1000).map((entry) => computeCentralHeader(entry, day)),
    );
  await sink.write([computeEnd(written.length, directoryOffset, sink.position - directoryOffset)]);
}

async function streamEntry(
  sink: ArchiveSink,
  pool: BlockPool,
  entry: StoredEntry,
  name: Buffer,
  day: string,
  { signal, onProgress }: ArchiveWatch,
): Promise<ZipEntry> {
  const { sizeBytes } = entry;
  const offset = sink.position;
  const hasDescriptor = entry.crc32 === undefined;
  const header = { name, sizeBytes, crc32: entry.crc32 ?? 0, hasDescriptor };
  await sink.write([computeLocalHeader(header, day)]);
  const hash = createHash('sha256');
  let checksum = 0;
  let foundBytes = 0;
  let lent: Buffer | undefined;
  for await (const chunk of readContent(entry, pool.take)) {
    signal?.throwIfAborted();
    foundBytes += chunk.byteLength;
    if (foundBytes > sizeBytes) break;
    hash.update(chunk);
    checksum = crc32(chunk, checksum);
    await sink.write([chunk]);
    if (lent !== undefined) pool.giveBack([lent]);
    lent = chunk;
    onProgress?.(sink.position);
  }
  assertContent(entry, hash.digest('hex'), foundBytes);
  if (hasDescriptor) await sink.write([computeDescriptor({ crc32: checksum, sizeBytes })]);
  if (lent !== undefined) pool.giveBack([lent]);
  return { name, sizeBytes, crc32: checksum, offset, hasDescriptor };
}

/** Reads small contents before their turn, each checked against its hash. */
class ContentsAhead {
  readonly #entries: readonly ArchiveEntry[];
  readonly #take: TakeBlock;
  readonly #reading = new Map<number, Promise<readonly Buffer[]>>();
  #next = 0;
  #aheadBytes = 0;

  constructor(entries: readonly ArchiveEntry[], take: TakeBlock) {
    this.#entries = entries;
    this.#take = take;
  }

  /** The whole content, in pieces; undefined for one that has to be streamed. */
  async take(index: number): Promise<readonly Buffer[] | undefined> {
    const end = Math.min(index + filesAhead, this.#entries.length);
    while (this.#next < end && (this.#next === index || this.#aheadBytes < bytesAhead))
      this.#begin(this.#next++);
    const content = this.#reading.get(index);
    if (content !== undefined) this.#aheadBytes -= measureEntry(this.#entries[index]);
    this.#reading.delete(index);
    return await content;
  }

  stop(): void {
    this.#reading.clear();
  }

  #begin(index: number): void {
    const entry = this.#entries[index];
    if (entry === undefined || ('sizeBytes' in entry && entry.sizeBytes > wholeBytes)) return;
    const reading =
      'content' in entry ? Promise.resolve([entry.content]) : readWhole(entry, this.#take);
    // It is heard of when its turn has come, or not at all.
    reading.catch(() => {});
    this.#reading.set(index, reading);
    this.#aheadBytes += measureEntry(entry);
  }
}

/** Of what is read ahead: what is made lies in memory anyway. */
function measureEntry(entry: ArchiveEntry | undefined): number {
  return entry !== undefined && 'sizeBytes' in entry ? entry.sizeBytes : 0;
}

async function readWhole(entry: StoredEntry, take: TakeBlock): Promise<readonly Buffer[]> {
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  let foundBytes = 0;
  for await (const chunk of readContent(entry, take)) {
    foundBytes += chunk.byteLength;
    if (foundBytes > entry.sizeBytes) break;
    hash.update(chunk);
    chunks.push(chunk);
  }
  assertContent(entry, hash.digest('hex'), foundBytes);
  return chunks;
}

async function* readContent(entry: StoredEntry, take: TakeBlock): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of entry.open(take))
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (error) {
    if (error instanceof StintError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new StintError('file_missing', `"${entry.path}" could not be read (${code})`, {
      cause: error,
    });
  }
}

function assertContent(entry: StoredEntry, sha256: string, foundBytes: number): void {
  if (sha256 === entry.sha256 && foundBytes === entry.sizeBytes) return;
  throw new StintError(
    'hash_mismatch',
    `"${entry.path}" is not what was handed in: the content on this computer (${foundBytes} bytes) does not have the hash and the size (${entry.sizeBytes} bytes) recorded for it; nothing was written`,
  );
}

/** @throws TypeError for a path that no archive may hold: whoever made it is wrong. */
function computeName(path: string): Buffer {
  const name = Buffer.from(path, 'utf8');
  const isSafe =
    !/^(?:[A-Za-z]:|\/)/.test(path) &&
    !path.includes('\\') &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isSafe || name.byteLength > longestNameBytes)
    throw new TypeError(`an archive cannot hold the path "${path}"`);
  return name;
}

/** The error that says what a failed write of an archive means to a person. */
export function describeWriteFailure(error: unknown): unknown {
  const { code, name } = error as NodeJS.ErrnoException;
  if (name === 'AbortError')
    return new StintError('cancelled', 'the export was cancelled; nothing was left half written');
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StintError(
      'disk_full',
      'there is no room on the disk for the archive; make room and export again – nothing was left half written',
      { cause: error },
    );
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return new StintError(
      'workspace_unwritable',
      `the archive cannot be written into the exports folder (${code})`,
      { cause: error },
    );
  return error;
}
