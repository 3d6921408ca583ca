import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import { copyFileName, type CopyManifest, copyManifestSchema, copyVersion } from './copy-format.ts';
import { hashFile } from './durable-folder.ts';

export interface CopyFolder {
  /** `000012-20261123T054000123Z` */
  readonly name: string;
  readonly path: string;
  readonly number: number;
}

const namePattern = /^(\d{6,})-\d{8}T\d{9}Z$/;

export const computeCopyName = (number: number, createdAt: string): string =>
  `${String(number).padStart(6, '0')}-${createdAt.replaceAll(/[-:.]/g, '')}`;

/** Copies in the order in which they were made. What a kill left unfinished has another name. */
export async function listCopyFolders(folder: string): Promise<CopyFolder[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const [, number] = namePattern.exec(name) ?? [];
      return number === undefined
        ? []
        : [{ name, path: join(folder, name), number: Number(number) }];
    })
    .sort((one, other) => one.number - other.number);
}

/** @throws StintError `bundle_malformed` saying what is wrong; `database_newer` for a newer format. */
export async function loadCopyManifest(copy: CopyFolder): Promise<CopyManifest> {
  const fail = (reason: string): StintError =>
    new StintError('bundle_malformed', `the copy ${copy.name} ${reason}`);
  const text = await readFile(join(copy.path, 'copy.json'), 'utf8').catch(() => {
    throw fail('has no copy.json');
  });
  const recorded = await readFile(join(copy.path, 'copy.sha256'), 'utf8').catch(() => {
    throw fail('has no copy.sha256');
  });
  if (createHash('sha256').update(text).digest('hex') !== recorded.slice(0, 64))
    throw fail('was changed: copy.json does not have the hash in copy.sha256');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw fail('has a copy.json that is not JSON');
  }
  const version = (parsed as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > copyVersion)
    throw new StintError(
      'database_newer',
      `the copy ${copy.name} has format version ${version}; this version of Stint knows ${copyVersion}`,
    );
  const manifest = copyManifestSchema.safeParse(parsed);
  if (!manifest.success)
    throw fail(`cannot be read (${manifest.error.issues[0]?.path.join('.') ?? 'format'})`);
  return manifest.data;
}

export interface ListedCopy extends CopyFolder {
  /** Undefined where the copy cannot be read; `problem` says why. */
  readonly manifest: CopyManifest | undefined;
  readonly problem: string | undefined;
}

/** Newest first. Only sizes are compared here; the hashes are when one is restored. */
export async function listCopies(folder: string): Promise<ListedCopy[]> {
  const listed: ListedCopy[] = [];
  for (const copy of await listCopyFolders(folder)) {
    try {
      const manifest = await loadCopyManifest(copy);
      listed.push({ ...copy, manifest, problem: await findSizeProblem(copy, manifest) });
    } catch (error) {
      if (!(error instanceof StintError)) throw error;
      listed.push({ ...copy, manifest: undefined, problem: error.message });
    }
  }
  return listed.reverse();
}

async function findSizeProblem(
  copy: CopyFolder,
  { databases }: CopyManifest,
): Promise<string | undefined> {
  for (const { name, sizeBytes } of databases) {
    const found = await stat(join(copy.path, copyFileName(name))).catch(() => undefined);
    if (found === undefined) return `the copy ${copy.name} lacks ${name}`;
    if (found.size !== sizeBytes) return `${name} in the copy ${copy.name} was changed`;
  }
  return undefined;
}

/** Every file of a copy that is missing or changed, by its name in it. */
export async function listDamagedFiles(
  copy: CopyFolder,
  manifest: CopyManifest,
): Promise<string[]> {
  const damaged: string[] = [];
  for (const { name, sha256 } of manifest.databases) {
    const file = copyFileName(name);
    const found = await hashFile(join(copy.path, file)).catch(() => undefined);
    if (found === undefined) damaged.push(`missing: ${file}`);
    else if (found !== sha256) damaged.push(`changed: ${file}`);
  }
  return damaged;
}
