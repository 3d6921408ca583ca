import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type';
import type { StagedFile } from '../../../shared/contract/shapes.ts';
import { fileNameSchema, idSchema } from '../../../shared/domain/fields.ts';
import { StintError } from '../../../shared/errors.ts';
import { parseInput } from '../../../shared/validation.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import { sha256Hex } from '../ports/system-ports.ts';
import type { StoredFile } from './file-folder.ts';
import { isSmall } from './group-small-files.ts';
import { computeMediaTypeByName } from './media-type-by-name.ts';
import { runInLanes } from './run-in-lanes.ts';

const simultaneousReads = 8;

/** Takes in a file's bytes under a name (SY-21); the row comes after the content is safe. */
export async function stageStream(
  workspace: Workspace,
  name: string,
  source: AsyncIterable<Uint8Array>,
  known: { readonly importId?: string | undefined; readonly sizeBytes?: number | undefined } = {},
): Promise<StagedFile> {
  const checked = parseInput(fileNameSchema, name, 'The file to take in');
  const sizeBytes = known.sizeBytes ?? null;
  if (known.importId === undefined)
    return saveStagedFile(workspace, checked, await workspace.files.importStream(source));
  const importId = parseInput(idSchema, known.importId, 'The import');
  return workspace.imports.run({ importId, name: checked, sizeBytes }, async (watch) =>
    saveStagedFile(
      workspace,
      checked,
      await workspace.files.importStream(breakOff(source, watch.signal), watch),
    ),
  );
}

/** Takes in a file of this machine by its path, under its own name unless another is given. */
export async function stagePath(
  workspace: Workspace,
  path: string,
  name: string = basename(path),
): Promise<StagedFile> {
  const checked = parseInput(fileNameSchema, name, 'The file to take in');
  const sizeBytes = (await stat(path).catch(() => undefined))?.size ?? null;
  const importId = workspace.ports.randomness.uuid();
  return workspace.imports.run({ importId, name: checked, sizeBytes }, async (watch) =>
    saveStagedFile(workspace, checked, await workspace.files.importPath(path, watch)),
  );
}

/** A source that gives nothing any more is left at once when the import is ended. */
async function* breakOff(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  // Ended before the first piece was asked for.
  if (signal.aborted) onAbort();
  const pieces = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await Promise.race([pieces.next(), aborted]);
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    void pieces.return?.().catch(() => undefined);
  }
}

async function saveStagedFile(
  workspace: Workspace,
  name: string,
  stored: StoredFile,
): Promise<StagedFile> {
  const staged = {
    stagedId: workspace.ports.randomness.uuid(),
    name,
    ...stored,
    mediaType: await computeMediaType(workspace.files.path(stored.sha256), name),
  };
  await workspace.db
    .insertInto('stagedFiles')
    .values({ ...staged, createdAt: computeNow(workspace) })
    .execute();
  return staged;
}

/**
 * Takes in many small files of this machine at once: read together, flushed together, and staged in one transaction.
 * @returns what was staged, by its place in the list. What is left out could not be had this way, because it changed or
 * cannot be read, or because the disk is full or fails: taken in by itself, it says so.
 */
export async function stageSmallFiles(
  workspace: Workspace,
  sources: readonly { readonly path: string; readonly name: string; readonly sizeBytes: number }[],
): Promise<Map<number, StagedFile>> {
  const name = sources[0]?.name ?? '';
  const sizeBytes = sources.reduce((sum, source) => sum + source.sizeBytes, 0);
  const importId = workspace.ports.randomness.uuid();
  return await workspace.imports.run({ importId, name, sizeBytes }, async (watch) => {
    const read = new Map<number, { staged: StagedFile; bytes: Uint8Array }>();
    let movedBytes = 0;
    await runInLanes(sources, simultaneousReads, async (source, index) => {
      watch.signal.throwIfAborted();
      const bytes = await readUnchanged(source.path);
      if (bytes === undefined) return;
      const staged = {
        stagedId: workspace.ports.randomness.uuid(),
        name: source.name,
        sha256: sha256Hex(bytes),
        sizeBytes: bytes.byteLength,
        mediaType: chooseMediaType(await fileTypeFromBuffer(bytes).catch(noType), source.name),
      };
      read.set(index, { staged, bytes });
      movedBytes += bytes.byteLength;
      watch.onMoved(movedBytes);
    });
    const contents = new Map(
      [...read.values()].map(({ staged: { sha256 }, bytes }) => [sha256, { sha256, bytes }]),
    );
    try {
      await workspace.files.storeAll([...contents.values()]);
    } catch (error) {
      if (error instanceof StintError) return new Map();
      throw error;
    }
    watch.signal.throwIfAborted();
    // In the order in which they were chosen.
    const staged = [...read].toSorted(([left], [right]) => left - right);
    if (staged.length > 0)
      await workspace.db
        .insertInto('stagedFiles')
        .values(staged.map(([, file]) => ({ ...file.staged, createdAt: computeNow(workspace) })))
        .execute();
    return new Map(staged.map(([index, file]) => [index, file.staged]));
  });
}

/** Undefined where it cannot be read, is no small file any more, or changed meanwhile. */
async function readUnchanged(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  try {
    const before = await file?.stat({ bigint: true });
    if (file === undefined || before === undefined || !before.isFile()) return undefined;
    if (!isSmall({ sizeBytes: Number(before.size) })) return undefined;
    const bytes = await file.readFile();
    const after = await file.stat({ bigint: true });
    const isUnchanged = before.mtimeNs === after.mtimeNs && after.size === BigInt(bytes.byteLength);
    return isUnchanged ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

async function computeMediaType(path: string, name: string): Promise<string> {
  return chooseMediaType(await fileTypeFromFile(path).catch(noType), name);
}

/** A hint for previews, from the content where it tells, else from the name. Nothing trusts it. */
function chooseMediaType(found: { readonly mime: string } | undefined, name: string): string {
  const byName = computeMediaTypeByName(name);
  // Office documents and the like are ZIP files: there the name knows better.
  if (found === undefined || found.mime === 'application/zip' || found.mime === 'application/xml')
    return byName ?? found?.mime ?? 'application/octet-stream';
  return found.mime.split(';')[0] ?? 'application/octet-stream';
}

const noType = (): undefined => undefined;
