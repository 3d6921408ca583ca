import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './run-step.ts';

/**
 * Finds Electron's executable without fetching anything: in ELECTRON_OVERRIDE_DIST_PATH, or where
 * the package's own install script puts it. That writes down the path when all is in place: without it, the rest may be
 * half of an installation that was broken off.
 */
export function findElectron(
  packageFolder = path.join(repositoryRoot, 'node_modules', 'electron'),
): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const pathFile = path.join(packageFolder, 'path.txt');
  const isInstalled = existsSync(pathFile);
  if (!isInstalled && override === undefined) return undefined;
  const executable = isInstalled ? readFileSync(pathFile, 'utf8').trim() : getPlatformExecutable();
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

const failedStartMs = 10_000;
/** The statuses of Ctrl+C, of a terminal that was closed, and of a polite request to end. */
const askedToEnd = [129, 130, 143];

/**
 * Whether Electron itself did not come up: libraries that are missing, or a system that allows it no sandbox. A program
 * that ran, or gave its own reason for ending, has done so.
 *
 * @param status as `runStep` returns it
 */
export function hasFailedToStart(status: number, durationMs: number): boolean {
  return durationMs < failedStartMs && status >= 126 && !askedToEnd.includes(status);
}
