import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { runPackageStep, runStep } from './run-step.ts';

/** Where the journeys look for the browser; set by the test task for its children. */
export const browserVariable = 'STINT_BROWSER';

const downloadTimeoutMs = 180_000;
const aptGet = '/usr/bin/apt-get';
const packageTimeoutMs = 600_000;
/** Debian's, the first that there is; older ones have no package of the shell alone. */
const packages = ['chromium-headless-shell', 'chromium'];

const commands = [
  // Without a window of its own it needs a quarter less of the processor than the whole browser without a screen.
  'chromium-headless-shell',
  'chrome-headless-shell',
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'chrome',
  'msedge',
];

export interface FoundBrowser {
  readonly executable: string;
  /** One sentence about where it comes from. */
  readonly message: string;
}

/** Finds a Chromium-based browser on this machine, without fetching anything. */
export function findBrowser(): FoundBrowser | undefined {
  const chosen = process.env[browserVariable];
  if (chosen !== undefined && chosen !== '') {
    if (!isExecutable(chosen)) {
      throw new Error(`${browserVariable} names ${chosen}, which cannot be executed.`);
    }
    return { executable: chosen, message: `Browser: ${chosen}, as ${browserVariable} says.` };
  }
  const installed = listCandidates().find(isRunnable);
  if (installed !== undefined) {
    return { executable: installed, message: `Browser: ${installed}, installed on this machine.` };
  }
  const downloaded = chromium.executablePath();
  if (isRunnable(downloaded)) {
    return { executable: downloaded, message: `Browser: ${downloaded}, downloaded by Playwright.` };
  }
  return undefined;
}

/**
 * Finds a browser or brings one: Playwright's own download, else, on Debian as root, its package.
 *
 * @throws when there is none and none can be brought; the message says what was tried
 */
export async function obtainBrowser(): Promise<FoundBrowser> {
  const found = findBrowser();
  if (found !== undefined) return found;
  console.log("No Chrome, Chromium or Edge was found: trying Playwright's download of Chromium…");
  await runPackageStep('@playwright/test', 'playwright', ['install', 'chromium'], {
    timeoutMs: downloadTimeoutMs,
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '5000' },
  });
  const downloaded = findBrowser();
  if (downloaded !== undefined) {
    return { ...downloaded, message: `Browser: ${downloaded.executable}, just downloaded.` };
  }
  if (isRootOnDebian()) {
    const apt = { timeoutMs: packageTimeoutMs, env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await runStep(aptGet, ['update'], apt);
    for (const name of packages) {
      console.log(`That did not work: installing the package "${name}" with apt-get…`);
      await runStep(aptGet, ['install', '-y', '--no-install-recommends', name], apt);
      const packaged = findBrowser();
      if (packaged !== undefined) {
        return {
          ...packaged,
          message: `Browser: ${packaged.executable}, just installed by apt-get.`,
        };
      }
    }
  }
  throw new Error(
    `The journeys need a browser and none could be brought here. Install Chrome, Chromium or Edge, or set ${browserVariable} to its executable.`,
  );
}

function isRootOnDebian(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && isExecutable(aptGet);
}

function listCandidates(): readonly string[] {
  const extension = process.platform === 'win32' ? '.exe' : '';
  const onPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => commands.map((command) => path.join(folder, command + extension)));
  return [...onPath, ...listUsualPlaces()];
}

function listUsualPlaces(): readonly string[] {
  if (process.platform === 'darwin') {
    return ['/Applications', path.join(os.homedir(), 'Applications')].flatMap((folder) =>
      ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) =>
        path.join(folder, `${name}.app`, 'Contents', 'MacOS', name),
      ),
    );
  }
  if (process.platform === 'win32') {
    return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .map((name) => process.env[name])
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        path.join(folder, 'Chromium', 'Application', 'chrome.exe'),
        path.join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]);
  }
  return ['/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/snap/bin/chromium'];
}

/**
 * A downloaded browser may lack the system's libraries, and Ubuntu's chromium-browser may be a stub
 * that asks for a snap: only one that tells its version will start.
 */
function isRunnable(file: string): boolean {
  if (!isExecutable(file)) return false;
  // On Windows asking for the version would open a window.
  if (process.platform === 'win32') return true;
  return spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
