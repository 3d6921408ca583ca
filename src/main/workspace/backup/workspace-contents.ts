import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, stat, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import { FileFolder } from '../files/file-folder.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { CopyFolder } from './copy-folders.ts';
import { type CopiedContent, copiedContentSchema, type CopyManifest } from './copy-format.ts';
import { hashFile, syncFolder, writeDurably } from './durable-folder.ts';

export const contentPath = (contentsFolder: string, sha256: string): string =>
  join(contentsFolder, sha256.slice(0, 2), sha256);

/**
 * Copies the contents of a workspace to where the contents of its backups lie, each once, and anew where what lies there
 * has changed; each is verified by its hash. Writes the list of them into the backup.
 * @returns what the manifest says of them, and the hashes of those whose bytes were not what they should be.
 */
export async function copyContentsOut(
  files: FileFolder,
  contentsFolder: string,
  copyFolder: string,
): Promise<{ readonly listed: CopyManifest['contents']; readonly changed: readonly string[] }> {
  await mkdir(contentsFolder, { recursive: true, mode: 0o700 });
  const lines: string[] = [];
  const changed: string[] = [];
  let contentBytes = 0;
  for (const sha256 of [...(await files.listHashes())].sort()) {
    const sizeBytes = await files.findSize(sha256);
    if (sizeBytes === undefined) continue;
    if (!(await copyContent(files.path(sha256), contentPath(contentsFolder, sha256), sha256))) {
      changed.push(sha256);
      continue;
    }
    lines.push(`${JSON.stringify({ sha256, sizeBytes } satisfies CopiedContent)}\n`);
    contentBytes += sizeBytes;
  }
  const text = lines.join('');
  await writeDurably(join(copyFolder, 'contents.jsonl'), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { listed: { count: lines.length, contentBytes, sha256 }, changed };
}

async function copyContent(source: string, target: string, sha256: string): Promise<boolean> {
  const wanted = (await stat(source)).size;
  const found = await stat(target).catch(() => undefined);
  // Read, since no backup that names it could be restored if it had changed where it lies.
  if (found?.size === wanted && (await hashFile(target).catch(() => undefined)) === sha256)
    return true;
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const part = `${target}.part`;
  await copyFile(source, part);
  const file = await open(part, 'r+');
  await file.sync();
  await file.close();
  if ((await hashFile(part)) !== sha256) {
    await rm(part, { force: true });
    return false;
  }
  await rename(part, target);
  await syncFolder(dirname(target));
  return true;
}

/** @throws StintError `bundle_not_whole` where the list is missing or was changed. */
export async function loadContentList(
  copy: CopyFolder,
  manifest: CopyManifest,
): Promise<CopiedContent[]> {
  if (manifest.contents === null) return [];
  const text = await readFile(join(copy.path, 'contents.jsonl'), 'utf8').catch(() => '');
  if (createHash('sha256').update(text).digest('hex') !== manifest.contents.sha256)
    throw new StintError(
      'bundle_not_whole',
      `the list of contents of the backup ${copy.name} is missing or was changed`,
    );
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => copiedContentSchema.parse(JSON.parse(line)));
}

/** The contents of a backup that are missing or changed, by their path in it. */
export async function listDamagedContents(
  contentsFolder: string,
  contents: readonly CopiedContent[],
): Promise<string[]> {
  const damaged: string[] = [];
  for (const { sha256 } of contents) {
    const name = `contents/${sha256.slice(0, 2)}/${sha256}`;
    const found = await hashFile(contentPath(contentsFolder, sha256)).catch(() => undefined);
    if (found === undefined) damaged.push(`missing: ${name}`);
    else if (found !== sha256) damaged.push(`changed: ${name}`);
  }
  return damaged;
}

/** Adds a backup's contents to a workspace's; those that are there already stay as they are. */
export async function copyContentsIn(
  contentsFolder: string,
  contents: readonly CopiedContent[],
  workspaceFolder: string,
  ports: Pick<WorkspacePorts, 'randomness'>,
): Promise<void> {
  const files = new FileFolder(join(workspaceFolder, 'files'), ports.randomness);
  await files.prepare();
  for (const { sha256 } of contents) {
    if (await files.has(sha256)) continue;
    const stored = await files.importStream(createReadStream(contentPath(contentsFolder, sha256)));
    if (stored.sha256 !== sha256)
      throw new StintError('bundle_not_whole', `the content ${sha256} changed while it was read`);
  }
}
