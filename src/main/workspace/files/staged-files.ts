import { basename } from 'node:path';
import { fileTypeFromFile } from 'file-type';
import type { StagedFile } from '../../../shared/contract/shapes.ts';
import { fileNameSchema } from '../../../shared/domain/fields.ts';
import { parseInput } from '../../../shared/validation.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { StoredFile } from './file-folder.ts';
import { computeMediaTypeByName } from './media-type-by-name.ts';

/** Takes in a file's bytes under a name (SY-21); the row comes after the content is safe. */
export async function stageStream(
  workspace: Workspace,
  name: string,
  source: AsyncIterable<Uint8Array>,
): Promise<StagedFile> {
  const checked = parseInput(fileNameSchema, name, 'The file to take in');
  return saveStagedFile(workspace, checked, await workspace.files.importStream(source));
}

/** Takes in a file of this machine by its path. */
export async function stagePath(workspace: Workspace, path: string): Promise<StagedFile> {
  return saveStagedFile(workspace, basename(path), await workspace.files.importPath(path));
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
