import path from 'node:path';

const repositoryFolder = path.join(import.meta.dirname, '..', '..');
const built = process.env['STINT_BUILT_FOLDER'];

/** What `stint` runs: its sources, or what was built from them just before, which starts in half the time. */
export const stintProgram =
  built === undefined
    ? path.join(repositoryFolder, 'src', 'cli', 'main.ts')
    : path.join(built, 'main', 'stint.js');
