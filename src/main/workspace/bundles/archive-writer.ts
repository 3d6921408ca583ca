import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { pipeline, type Readable, Transform } from 'node:stream';
import { ZipFile } from 'yazl';
import { StintError } from '../../../shared/errors.ts';
import { computeArchiveTime } from '../ports/archive-time.ts';

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
  open(): NodeJS.ReadableStream;
}

export type ArchiveEntry = MadeEntry | StoredEntry;

export interface WrittenArchive {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * Writes a ZIP to `path`, entry by entry in the given order, never holding a file's content in memory;
 * ZIP64 where the sizes ask for it. The same entries and `day` give the same bytes on every machine and
 * in every time zone: contents are stored as they are, because compressors differ between processors and
 * versions, and deliverables are mostly compressed already. When the promise fulfils, the bytes are on
 * the disk; when it fails, nothing is left at `path`.
 *
 * @param day the calendar day that the entries carry, such as `2026-03-01`.
 * @throws StintError `hash_mismatch` naming the entry whose content is not what its hash says,
 * `file_missing` naming one that cannot be read, `disk_full`.
 */
export async function writeArchive(
  path: string,
  entries: readonly ArchiveEntry[],
  day: string,
): Promise<WrittenArchive> {
  const file = await open(path, 'w', 0o600).catch((error: unknown) => {
    throw describeWriteFailure(error);
  });
  try {
    const written = await copyToFile(streamArchive(entries, day), file);
    await file.sync();
    await file.close();
    return written;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(path, { force: true });
    throw describeWriteFailure(error);
  }
}

function streamArchive(entries: readonly ArchiveEntry[], day: string): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const options = {
    mtime: computeArchiveTime(day),
    mode: 0o100644,
    compress: false,
    forceDosTimestamp: true,
  };
  for (const entry of entries) {
    if ('content' in entry) {
      zip.addBuffer(entry.content, entry.path, options);
      continue;
    }
    zip.addReadStreamLazy(entry.path, { ...options, size: entry.sizeBytes }, (give) => {
      const checked = createCheck(entry);
      pipeline(entry.open(), checked, (error) => {
        if (error) output.destroy(describeReadFailure(error, entry));
      });
      give(null, checked);
    });
  }
  zip.end();
  return output;
}

function createCheck(entry: StoredEntry): Transform {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.byteLength;
      done(null, chunk);
    },
    flush(done) {
      if (hash.digest('hex') === entry.sha256 && sizeBytes === entry.sizeBytes) {
        done();
        return;
      }
      done(
        new StintError(
          'hash_mismatch',
          `"${entry.path}" is not what was handed in: the content on this computer (${sizeBytes} bytes) does not have the hash and the size (${entry.sizeBytes} bytes) recorded for it; nothing was written`,
        ),
      );
    },
  });
}

async function copyToFile(source: Readable, file: FileHandle): Promise<WrittenArchive> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
    let written = 0;
    while (written < chunk.byteLength)
      written += (await file.write(chunk, written, chunk.byteLength - written)).bytesWritten;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

function describeReadFailure(error: Error, entry: StoredEntry): Error {
  if (error instanceof StintError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? error.message;
  return new StintError('file_missing', `"${entry.path}" could not be read (${code})`, {
    cause: error,
  });
}

function describeWriteFailure(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
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
