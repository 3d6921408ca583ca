import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../command.ts';

const markerName = '.stint-demo';
const ownNames = ['bundle.zip', 'employer', 'intern', 'server'];

/**
 * Makes the folder, or clears away what an earlier demo left in it.
 *
 * @throws UsageError for a folder with anything in it that is not a demo's; nothing is touched then.
 */
export async function prepareDemoFolder(folder: string): Promise<void> {
  let names: string[];
  try {
    await mkdir(folder, { recursive: true });
    names = await readdir(folder);
  } catch (error) {
    throw new UsageError(
      `--out: ${folder} cannot be used as a folder (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  if (names.length > 0 && !names.includes(markerName))
    throw new UsageError(
      `--out: ${folder} is not empty, and no demo made it; expected a new or empty folder, or that of an earlier demo`,
    );
  for (const name of ownNames) await rm(path.join(folder, name), { recursive: true, force: true });
  const note = 'Made by "stint demo", which replaces what lies here when it is run again.\n';
  await writeFile(path.join(folder, markerName), note);
}
