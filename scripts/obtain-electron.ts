import path from 'node:path';
import { findDisplayObstacle, findElectron } from './find-electron.ts';
import { repositoryRoot, runStep } from './run-step.ts';

const reachabilityTimeoutMs = 3_000;
const downloadTimeoutMs = 180_000;

export type ElectronSearch =
  | { readonly executable: string }
  | { readonly executable: undefined; readonly reason: string };

/**
 * Finds Electron's executable, or fetches it with the package's own install script where there is
 * someone to show a window to and the network answers at once. Never waits long: there is always
 * the browser.
 */
export async function obtainElectron(): Promise<ElectronSearch> {
  const obstacle = findObstacle();
  if (obstacle !== undefined) return { executable: undefined, reason: obstacle };
  const installed = findElectron();
  if (installed !== undefined) return { executable: installed };
  const refusal = findRefusal();
  if (refusal !== undefined) return { executable: undefined, reason: refusal };
  if (!(await isReachable())) {
    return {
      executable: undefined,
      reason: "Electron is not installed here, and the place it is fetched from can't be reached",
    };
  }
  console.log('Fetching Electron (about 110 MB, once)…');
  await runStep(process.execPath, [path.join(repositoryRoot, 'node_modules/electron/install.js')], {
    timeoutMs: downloadTimeoutMs,
  });
  const fetched = findElectron();
  return fetched === undefined
    ? { executable: undefined, reason: 'Electron could not be fetched' }
    : { executable: fetched };
}

function findObstacle(): string | undefined {
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return findDisplayObstacle() ?? 'Electron does not run sandboxed as root';
  }
  return findDisplayObstacle();
}

function findRefusal(): string | undefined {
  const asked = [
    'CI',
    'ELECTRON_SKIP_BINARY_DOWNLOAD',
    'npm_config_electron_skip_binary_download',
  ].find((name) => process.env[name]);
  if (asked !== undefined) {
    return `Electron is not installed here, and ${asked} asks not to fetch it`;
  }
  if (process.env['npm_config_offline'] === 'true') {
    return 'Electron is not installed here, and npm is set to work offline';
  }
  return undefined;
}

async function isReachable(): Promise<boolean> {
  try {
    const response = await fetch('https://github.com/electron/electron/releases', {
      method: 'HEAD',
      signal: AbortSignal.timeout(reachabilityTimeoutMs),
    });
    return response.ok;
  } catch {
    return false;
  }
}
