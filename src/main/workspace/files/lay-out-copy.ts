import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../backup/durable-folder.ts';

export interface CopyPlan {
  /** What is copied, and its hash. */
  readonly content: string;
  readonly sha256: string;
  readonly fileName: string;
  /** Where the copy lies; beside it, with a number, where somebody has worked on an earlier one. */
  readonly folder: string;
}

/**
 * Lays out a copy under a name for people: other programs may write into it, and what is kept under a hash must never
 * change. An earlier copy makes room, unless another program has written into its folder or holds it open.
 *
 * @returns the copy's path
 */
export async function layOutCopy(plan: CopyPlan): Promise<string> {
  const folder = await clearFolder(plan);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, plan.fileName);
  await copyFile(plan.content, copy);
  return copy;
}

async function clearFolder(plan: CopyPlan): Promise<string> {
  for (let number = 1; ; number += 1) {
    const folder = number === 1 ? plan.folder : `${plan.folder}-${number}`;
    if (!existsSync(folder)) return folder;
    try {
      if (!(await isUntouched(folder, plan))) continue;
      await rm(folder, { recursive: true, force: true });
      return folder;
    } catch {
      // Windows keeps what another program has open.
    }
  }
}

async function isUntouched(folder: string, { fileName, sha256 }: CopyPlan): Promise<boolean> {
  const found = await readdir(folder);
  if (found.some((name) => name !== fileName)) return false;
  return found.length === 0 || (await hashFile(join(folder, fileName))) === sha256;
}
