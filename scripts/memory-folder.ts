import { chmodSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = '/dev/shm';
const prefix = 'stint-tests-';
/** Several times what the tests take at any one time, and room for the programs that they start. */
const neededBytes = 4 * 1024 ** 3;

/**
 * A folder for what tests write, in memory where there is plenty of it: thousands of small databases that are written
 * through to a disk, each for a second, are a fifth of their time. Removed when this process ends.
 *
 * @returns undefined where the system's own temporary folder is to be used
 */
export function makeMemoryFolder(): string | undefined {
  if (process.platform !== 'linux' || os.freemem() < neededBytes) return undefined;
  try {
    const { bavail, bsize } = statfsSync(root);
    if (bavail * bsize < neededBytes) return undefined;
    removeLeftovers();
    const folder = path.join(root, `${prefix}${process.pid}`);
    mkdirSync(folder);
    // As the system's own: PostgreSQL refuses to run as root, and runs as a user who has to find its files in there.
    chmodSync(folder, 0o1777);
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch {
    return undefined;
  }
}

/** Of runs that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(root))
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length))))
      rmSync(path.join(root, name), { recursive: true, force: true });
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
