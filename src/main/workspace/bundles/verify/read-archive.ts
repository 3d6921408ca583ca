import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  type Entry,
  getFileNameLowLevel,
  openPromise,
  validateFileName,
  type ZipFile,
} from 'yauzl';
import { StintError } from '../../../../shared/errors.ts';
import type { AddProblem } from './problems.ts';

export interface ArchiveFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Where its bytes lie in the archive, as they are; undefined where they are compressed. */
  readonly storedAt: number | undefined;
  /** Streams the content; fails when it is damaged, or not as long or not with the CRC that is recorded. */
  read(): AsyncIterable<Buffer>;
}

export interface OpenedArchive {
  /** Files by name, as they would be unpacked; folders are left out, and so is what must not be unpacked. */
  readonly files: ReadonlyMap<string, ArchiveFile>;
  close(): void;
}

/** More than any bundle or pack holds; each takes its time and its memory before anything is known of it. */
const mostEntriesOfAll = 500_000;

/**
 * Lists a ZIP's entries without unpacking anything. What no archive may hold (paths that lead out of the
 * folder, links, two entries of one name, encryption, contents within each other) is told to `addProblem`, and not listed.
 * What is listed unpacks to a thousandfold of the archive at most, as far as its compression can go.
 *
 * @param mostEntries of an archive that is read at all.
 * @returns undefined when the file is not a ZIP that can be read; `addProblem` has the reason.
 * @throws StintError `file_missing` when there is no such file.
 */
export async function openArchive(
  path: string,
  addProblem: AddProblem,
  mostEntries = mostEntriesOfAll,
): Promise<OpenedArchive | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new StintError(
      'file_missing',
      `the bundle ${path} cannot be read (${error.code ?? error.message})`,
      { cause: error },
    );
  });
  if (!found.isFile())
    throw new StintError('file_missing', `${path} is not a file: expected a bundle (.zip)`);
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { lazyEntries: true, decodeStrings: false, autoClose: false });
  } catch (error) {
    addProblem(
      'not_a_zip',
      `this is not a whole ZIP archive (${computeReason(error)}); it may be cut short, or not a bundle at all`,
    );
    return undefined;
  }
  // What is reported after the reading has ended must not end the program.
  zip.on('error', () => {});
  if (zip.entryCount > mostEntries) {
    addProblem(
      'too_many_entries',
      `the archive holds ${zip.entryCount} files: expected ${mostEntries} at most`,
    );
    zip.close();
    return undefined;
  }
  const files = new Map<string, ArchiveFile>();
  const places: Place[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      const place = await addEntry(zip, entry, files, addProblem);
      if (place !== undefined) places.push(place);
    }
  } catch (error) {
    addProblem('damaged_zip', `the archive's list of entries is damaged (${computeReason(error)})`);
  }
  for (const name of listNested(places, addProblem)) files.delete(name);
  return { files, close: () => zip.close() };
}

/** Which bytes of the archive an entry takes, its header included. */
interface Place {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A few bytes that belong to thousands of entries would unpack to more than any disk holds. */
function* listNested(places: readonly Place[], addProblem: AddProblem): Generator<string> {
  let before: Place | undefined;
  let isTold = false;
  for (const place of places.toSorted((one, other) => one.start - other.start)) {
    if (before === undefined || place.start >= before.end) {
      before = place;
      continue;
    }
    if (!isTold)
      addProblem(
        'damaged_zip',
        `the entry "${place.name}" lies within "${before.name}": no program packs them like that`,
        place.name,
      );
    isTold = true;
    yield place.name;
  }
}

async function addEntry(
  zip: ZipFile,
  entry: Entry,
  files: Map<string, ArchiveFile>,
  addProblem: AddProblem,
): Promise<Place | undefined> {
  const name = getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    // Without decoded strings the library hands out the bytes.
    entry.fileNameRaw,
    entry.extraFields,
    true,
  );
  const problem = findNameProblem(name);
  if (problem !== undefined) {
    addProblem('unsafe_path', `the entry "${name}" ${problem}`, name);
    return undefined;
  }
  if (name.endsWith('/')) return undefined;
  const fileType = (entry.externalFileAttributes >>> 16) & 0xf000;
  const isFromUnix = entry.versionMadeBy >>> 8 === 3;
  if (isFromUnix && fileType !== 0 && fileType !== 0x8000) {
    addProblem('not_a_file', `the entry "${name}" is a link or a device, not a file`, name);
    return undefined;
  }
  if (entry.isEncrypted()) {
    addProblem('encrypted', `the entry "${name}" is encrypted and cannot be checked`, name);
    return undefined;
  }
  if (files.has(name)) {
    addProblem('duplicate_entry', `the archive holds two entries named "${name}"`, name);
    return undefined;
  }
  const dataStart = await checkLocalName(zip, entry, name, addProblem);
  const isStored = entry.compressionMethod === 0 && entry.compressedSize === entry.uncompressedSize;
  files.set(name, {
    name,
    sizeBytes: entry.uncompressedSize,
    storedAt: isStored ? dataStart : undefined,
    read: () => readEntry(zip, entry),
  });
  return dataStart === undefined
    ? undefined
    : { name, start: entry.relativeOffsetOfLocalHeader, end: dataStart + entry.compressedSize };
}

function findNameProblem(name: string): string | undefined {
  if (name.includes('\0')) return 'has a name with a NUL character';
  if (validateFileName(name) !== null)
    return 'would be unpacked outside its folder: expected a relative path with "/" and without ".."';
  const parts = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  if (parts.some((part) => part === '' || part === '.'))
    return 'has a path with an empty or "." part';
  return undefined;
}

/**
 * Programs that read an archive as a stream go by the name before each content, others by the list at the end.
 * @returns where the content begins, when it lies in the archive as a whole.
 */
async function checkLocalName(
  zip: ZipFile,
  entry: Entry,
  name: string,
  addProblem: AddProblem,
): Promise<number | undefined> {
  try {
    const header = await zip.readLocalFileHeaderPromise(entry);
    if (!header.fileName.equals(entry.fileNameRaw))
      addProblem(
        'two_names',
        `the entry "${name}" has another name in front of its content: programs would unpack it differently`,
        name,
      );
    return header.fileDataStart;
  } catch (error) {
    addProblem(
      'damaged_zip',
      `the entry "${name}" cannot be found (${computeReason(error)})`,
      name,
    );
    return undefined;
  }
}

async function* readEntry(zip: ZipFile, entry: Entry): AsyncIterable<Buffer> {
  const stream: Readable = await zip.openReadStreamPromise(entry);
  let checksum = 0;
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    checksum = crc32(chunk, checksum);
    sizeBytes += chunk.byteLength;
    yield chunk;
  }
  if (sizeBytes !== entry.uncompressedSize)
    throw new Error(`expected ${entry.uncompressedSize} bytes, found ${sizeBytes}`);
  if (checksum !== entry.crc32) throw new Error('its CRC-32 is wrong');
}

export function computeReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
