import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export interface SmallDisk {
  readonly path: string;
  unmount(): Promise<void>;
}

/** A disk of this size in memory, or why this machine lets nobody mount one. */
export async function mountSmallDisk(
  sizeBytes: number,
): Promise<SmallDisk | { readonly obstacle: string }> {
  if (process.platform !== 'linux') return { obstacle: 'only Linux has a tmpfs' };
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-disk-'));
  const run = promisify(execFile);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', folder]);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const reason = (error as { stderr?: string }).stderr?.trim() ?? (error as Error).message;
    return { obstacle: `this user may not mount a small disk (${reason})` };
  }
  return {
    path: folder,
    async unmount() {
      await run('umount', [folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
