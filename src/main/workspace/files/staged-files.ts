import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileTypeFromFile } from 'file-type';
import type { StagedFile } from '../../../shared/contract/shapes.ts';
import { fileNameSchema, idSchema } from '../../../shared/domain/fields.ts';
import { parseInput } from '../../../shared/validation.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { StoredFile } from './file-folder.ts';
import { computeMediaTypeByName } from './media-type-by-name.ts';

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

/** A hint for previews, from the content where it tells, else from the name. Nothing trusts it. */
async function computeMediaType(path: string, name: string): Promise<string> {
  const byName = computeMediaTypeByName(name);
  const found = await fileTypeFromFile(path).catch(() => undefined);
  // Office documents and the like are ZIP files: there the name knows better.
  if (found === undefined || found.mime === 'application/zip' || found.mime === 'application/xml')
    return byName ?? found?.mime ?? 'application/octet-stream';
  return found.mime.split(';')[0] ?? 'application/octet-stream';
}
