import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface AppFiles {
  readonly version: string;
  /** The built interface. */
  readonly rendererFolder: string;
  readonly resourcesFolder: string;
  /** The app's own folder: the repository, or the package. */
  readonly rootFolder: string;
}

/**
 * Finds what comes with the program, from the folder of a bundle (out/main) or of a source alike.
 *
 * @param startFolder a folder of the program; the nearest package.json above it marks the root
 */
export function locateAppFiles(startFolder: string): AppFiles {
  let rootFolder = startFolder;
  while (!existsSync(path.join(rootFolder, 'package.json'))) {
    const parent = path.dirname(rootFolder);
    if (parent === rootFolder) throw new Error(`no package.json lies above ${startFolder}`);
    rootFolder = parent;
  }
  const manifest = JSON.parse(readFileSync(path.join(rootFolder, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return {
    version: manifest.version,
    rendererFolder: path.join(rootFolder, 'out', 'renderer'),
    resourcesFolder: path.join(rootFolder, 'resources'),
    rootFolder,
  };
}
