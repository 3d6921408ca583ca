import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `cp` of a file, and its bytes on the disk. @returns milliseconds */
export async function measureCopy(source: string, target: string): Promise<number> {
  const beganMs = performance.now();
  // A copy that shares its blocks with the source would copy nothing.
  await run('cp', ['--reflink=never', source, target]);
  const file = await open(target, 'r');
  await file.sync();
  await file.close();
  const elapsedMs = performance.now() - beganMs;
  await rm(target);
  return elapsedMs;
}

/** The SHA-256 of a file alone. @returns milliseconds */
export async function measureHash(source: string): Promise<number> {
  const beganMs = performance.now();
  const hash = createHash('sha256');
  for await (const piece of createReadStream(source, { highWaterMark: 1024 * 1024 }))
    hash.update(piece as Buffer);
  hash.digest();
  return performance.now() - beganMs;
}

/** `cp -r` of a folder, and everything on the disk. @returns milliseconds */
export async function measureFolderCopy(source: string, target: string): Promise<number> {
  const beganMs = performance.now();
  await run('cp', ['-r', '--reflink=never', source, target]);
  await run('sync', ['-f', target]);
  const elapsedMs = performance.now() - beganMs;
  await rm(target, { recursive: true });
  return elapsedMs;
}
