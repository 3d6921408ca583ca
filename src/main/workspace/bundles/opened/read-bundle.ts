import { z } from 'zod';
import {
  type EngagementDocument,
  engagementDocumentSchema,
} from '../../../../shared/bundle/engagement-document.ts';
import { StintError } from '../../../../shared/errors.ts';
import { findBag } from '../verify-bundle.ts';
import { parseBoundedJson } from '../verify/parse-bounded-json.ts';
import type { BundleProblem } from '../verify/problems.ts';
import { type ArchiveFile, computeReason, openArchive } from '../verify/read-archive.ts';

/** A bundle's own file is never near it; what claims more is not read. */
const longestDocumentBytes = 64 * 1024 * 1024;
const mostEngagements = 500;
const mostEntries = 200_000;
/** Stint stores contents as they are, and other programs hardly reach a tenth: more is made to fill a disk. */
const largestRatio = 200;
const smallestBombBytes = 16 * 1024 * 1024;

const versionSchema = z.object({ format: z.literal('stint-engagement'), version: z.int() });

/** What a bundle holds, read without unpacking it. It comes from a stranger: every size and every shape is checked. */
export interface ReadableBundle {
  /** Paths in the bag. */
  readonly files: ReadonlyMap<string, ArchiveFile>;
  /** Of each engagement the folder below `data/`, with a slash at its end, in the bundle's order. */
  readonly folders: readonly string[];
  close(): void;
}

/**
 * @param sizeBytes of the archive.
 * @throws StintError `bundle_malformed` saying what is wrong, `too_large`, `file_missing`.
 */
export async function readBundle(path: string, sizeBytes: number): Promise<ReadableBundle> {
  const problems: BundleProblem[] = [];
  const addProblem = (code: BundleProblem['code'], message: string) => {
    problems.push({ code, message });
  };
  const archive = await openArchive(path, addProblem, mostEntries);
  if (archive === undefined) {
    const [{ code, message } = { code: 'not_a_zip', message: 'this is not a bundle' }] = problems;
    throw new StintError(code === 'too_many_entries' ? 'too_large' : 'bundle_malformed', message);
  }
  try {
    checkSizes(archive.files, sizeBytes);
    const files = findBag(archive.files, [], addProblem);
    const folders = [...files.keys()]
      .flatMap(
        (name) => /^data\/((?:engagements\/[^/]+\/)?)engagement\.json$/.exec(name)?.[1] ?? [],
      )
      .sort();
    if (folders.length === 0)
      throw new StintError(
        'bundle_malformed',
        problems[0]?.message ??
          'this is an archive, but no bundle of Stint: no engagement.json is in it',
      );
    if (folders.length > mostEngagements)
      throw new StintError(
        'too_large',
        `the bundle holds ${folders.length} engagements: expected ${mostEngagements} at most`,
      );
    return { files, folders, close: () => archive.close() };
  } catch (error) {
    archive.close();
    throw error;
  }
}

function checkSizes(files: ReadonlyMap<string, ArchiveFile>, sizeBytes: number): void {
  const unpackedBytes = [...files.values()].reduce((sum, file) => sum + file.sizeBytes, 0);
  if (unpackedBytes > smallestBombBytes && unpackedBytes > sizeBytes * largestRatio)
    throw new StintError(
      'bundle_malformed',
      `unpacked it would be ${unpackedBytes} bytes, from ${sizeBytes}: no bundle is packed like that, and it is not opened`,
    );
}

/** @throws StintError `bundle_malformed`, `too_large`, also for one of a newer program. */
export async function readDocument(
  { files, folders }: ReadableBundle,
  index: number,
): Promise<EngagementDocument> {
  const folder = folders[index];
  const file = folder === undefined ? undefined : files.get(`data/${folder}engagement.json`);
  if (file === undefined)
    throw new StintError('not_found', `the bundle has no engagement ${index + 1}`, {
      field: 'index',
    });
  const json = await readJson(file);
  const { version } = versionSchema.safeParse(json).data ?? {};
  if (version !== undefined && version > 2)
    throw new StintError(
      'bundle_malformed',
      'a newer Stint made this bundle: update this one to read it here; report/index.html in it opens by itself',
    );
  const parsed = engagementDocumentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StintError(
    'bundle_malformed',
    version === 1
      ? 'an older Stint made this bundle: report/index.html in it opens by itself'
      : `${file.name} is not as its format says: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

async function readJson(file: ArchiveFile): Promise<unknown> {
  if (file.sizeBytes > longestDocumentBytes)
    throw new StintError(
      'too_large',
      `${file.name} has ${file.sizeBytes} bytes: expected ${longestDocumentBytes} at most`,
    );
  const chunks: Buffer[] = [];
  let readBytes = 0;
  try {
    for await (const chunk of file.read()) {
      readBytes += chunk.byteLength;
      // What it says of its size is a stranger's word.
      if (readBytes > longestDocumentBytes) throw new Error('it is longer than it says');
      chunks.push(chunk);
    }
    return parseBoundedJson(Buffer.concat(chunks));
  } catch (error) {
    throw new StintError(
      'bundle_malformed',
      `${file.name} cannot be read (${computeReason(error)})`,
    );
  }
}
