import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StagedFile } from '../../../shared/contract/shapes.ts';
import { fileNameSchema } from '../../../shared/domain/fields.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Workspace } from '../engine/workspace.ts';
import { groupSmallFiles } from './group-small-files.ts';
import { stagePath, stageSmallFiles } from './staged-files.ts';

/** As many as a submission can name; whoever drops a whole disk by mistake is told so. */
const mostFiles = 10_000;

interface FoundFile {
  readonly path: string;
  /** For people: within a folder its path from there on, with `/` on every system. */
  readonly name: string;
  /** When it was found. */
  readonly sizeBytes: number;
}

interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/**
 * Takes in files and whole folders. A file of a folder is named by its path within it, the folder's own name first;
 * whoever writes such a name to a disk makes it safe there, as any other. Links are not followed: one could lead out
 * of the folder that the person chose, or in a circle.
 */
export async function importPaths(
  workspace: Workspace,
  paths: readonly string[],
): Promise<{ files: StagedFile[]; skipped: Skipped[] }> {
  const found: FoundFile[] = [];
  const skipped: Skipped[] = [];
  for (const path of paths) await collect(path, basename(path), found, skipped);
  const named = found.filter(({ name }) => {
    if (fileNameSchema.safeParse(name).success) return true;
    skipped.push({ name, reason: 'its name, with those of its folders, is too long' });
    return false;
  });
  const staged = await stageTogether(workspace, named);
  const files: StagedFile[] = [];
  for (const file of named) {
    const { path, name } = file;
    try {
      files.push(staged.get(file) ?? (await stagePath(workspace, path, name)));
    } catch (error) {
      // A full disk, or a person who ends it, means all of them.
      if (error instanceof StintError && !['file_missing', 'file_changed'].includes(error.code))
        throw error;
      skipped.push({ name, reason: describeFailure(error) });
    }
  }
  return { files, skipped };
}

/** The small ones among them, as far as that goes; the others are taken in one by one. */
async function stageTogether(
  workspace: Workspace,
  files: readonly FoundFile[],
): Promise<Map<FoundFile, StagedFile>> {
  const staged = new Map<FoundFile, StagedFile>();
  for (const group of groupSmallFiles(files)) {
    const taken = await stageSmallFiles(workspace, group);
    for (const [index, file] of group.entries()) {
      const found = taken.get(index);
      if (found !== undefined) staged.set(file, found);
    }
  }
  return staged;
}

async function collect(
  path: string,
  name: string,
  found: FoundFile[],
  skipped: Skipped[],
): Promise<void> {
  if (found.length > mostFiles)
    throw new StintError(
      'too_large',
      `there are more than ${mostFiles} files in what was chosen; choose fewer, or pack them into one archive`,
      { field: 'paths' },
    );
  try {
    const entry = await lstat(path);
    if (entry.isFile()) found.push({ path, name, sizeBytes: entry.size });
    else if (entry.isDirectory())
      for (const child of (await readdir(path)).toSorted())
        await collect(join(path, child), `${name}/${child}`, found, skipped);
    else
      skipped.push({
        name,
        reason: entry.isSymbolicLink() ? 'it is a link to another place' : 'it is not a file',
      });
  } catch (error) {
    if (error instanceof StintError) throw error;
    skipped.push({ name, reason: describeFailure(error) });
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof StintError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'it is not there any more';
  if (code === 'EACCES' || code === 'EPERM') return 'this account may not read it';
  return `it could not be read (${code ?? 'unknown reason'})`;
}
