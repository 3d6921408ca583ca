import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isThere } from '../backup/durable-folder.ts';
import { packExtension } from './pack-format.ts';
import type { WrittenPack } from './write-pack.ts';

/** A path in the exports folder that nothing has yet, such as `unsent-work-2026-11-23.stintpack`. */
export async function choosePackPath(exportsFolder: string, createdAt: string): Promise<string> {
  await mkdir(exportsFolder, { recursive: true, mode: 0o700 });
  const name = `unsent-work-${createdAt.slice(0, 10)}`;
  for (let number = 1; ; number += 1) {
    const path = join(
      exportsFolder,
      `${number === 1 ? name : `${name} (${number})`}${packExtension}`,
    );
    if (!(await isThere(path))) return path;
  }
}

/** What the contract says of a pack that was written. */
export function describeWrittenPack(written: WrittenPack) {
  const { path, sizeBytes, changes, files, missing, problems } = written;
  return {
    fileName: basename(path),
    path,
    sizeBytes,
    changes,
    files,
    missingFiles: missing.map(({ name }) => name),
    problems: [...problems],
  };
}
