import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './run-step.ts';

const packageFolder = path.join(repositoryRoot, 'node_modules', 'electron');

/**
 * Finds Electron's executable without fetching anything: in ELECTRON_OVERRIDE_DIST_PATH, or where
 * the package's own install script puts it.
 */
export function findElectron(): string | undefined {
  const pathFile = path.join(packageFolder, 'path.txt');
  const executable = existsSync(pathFile)
    ? readFileSync(pathFile, 'utf8').trim()
    : getPlatformExecutable();
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const candidate = path.join(override ?? path.join(packageFolder, 'dist'), executable);
  return existsSync(candidate) ? candidate : undefined;
}

function getPlatformExecutable(): string {
  if (process.platform === 'win32') return 'electron.exe';
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return 'electron';
}

/** Why no window can be shown here, or undefined when one can. */
export function findDisplayObstacle(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  if (process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']) return undefined;
  return 'there is no display here for a desktop window';
}
