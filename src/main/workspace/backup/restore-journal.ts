import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StintError } from '../../../shared/errors.ts';
import { isThere, syncFolder, writeDurably } from './durable-folder.ts';

const journalSchema = z.object({
  /** Where what comes lies, whole and verified, below the workspace's folder. */
  staged: z.string().regex(/^\.restoring-[0-9TZ]+$/),
  /** Where what was there goes, below the workspace's folder. */
  aside: z.string().regex(/^(?:replaced|damaged)-[0-9TZ]+$/),
  /** Paths that leave, in the order in which they do; what is not there is passed over. */
  leaving: z.array(z.string()),
  /** Paths that come. */
  coming: z.array(z.string()),
});
export type RestoreJournal = z.infer<typeof journalSchema>;

const journalName = 'restore-unfinished.json';

/**
 * Puts what was staged in the place of what is there, which moves aside and is never deleted. Several renames
 * cannot happen at once, so what is to be done is written down first: a kill in the middle is made good by
 * `finishRestore`, which runs before anything is opened, and before another restore.
 */
export async function carryOutRestore(
  workspaceFolder: string,
  journal: RestoreJournal,
): Promise<void> {
  const path = join(workspaceFolder, journalName);
  await writeDurably(`${path}.new`, JSON.stringify(journal));
  await rename(`${path}.new`, path);
  await syncFolder(workspaceFolder);
  await finishRestore(workspaceFolder);
}

/** Ends a restore that a kill had interrupted; nothing to do most times. Repeating it is harmless. */
export async function finishRestore(workspaceFolder: string): Promise<void> {
  const path = join(workspaceFolder, journalName);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return;
  const { staged, aside, leaving, coming } = parseJournal(text, path);
  const at = (name: string) => join(workspaceFolder, name);
  // All that leaves has left before anything comes: once something came, the name is its own.
  const waiting = await Promise.all(coming.map((name) => isThere(join(at(staged), name))));
  if (waiting.every(Boolean))
    for (const name of leaving) {
      if (!(await isThere(at(name)))) continue;
      const target = join(at(aside), name);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(at(name), target);
    }
  for (const name of coming) {
    const source = join(at(staged), name);
    if (!(await isThere(source))) continue;
    await mkdir(dirname(at(name)), { recursive: true, mode: 0o700 });
    await rename(source, at(name));
    await syncFolder(dirname(at(name)));
  }
  await syncFolder(workspaceFolder);
  await rm(path);
  await rm(at(staged), { recursive: true, force: true });
  await syncFolder(workspaceFolder);
}

function parseJournal(text: string, path: string): RestoreJournal {
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new StintError(
      'workspace_unwritable',
      `${path} says that a restore was interrupted, and cannot be read; look at the folder, and remove that file`,
      { cause: error },
    );
  }
}
