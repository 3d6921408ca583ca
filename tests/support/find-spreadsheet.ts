import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const packageName = 'libreoffice-calc-nogui';
const installTimeoutMs = 240_000;

/** The command of LibreOffice on this machine. */
async function find(): Promise<string | undefined> {
  for (const command of ['soffice', 'libreoffice'])
    try {
      await run(command, ['--version'], { timeout: 60_000 });
      return command;
    } catch {
      // The next one, then.
    }
  return undefined;
}

/**
 * LibreOffice; on Debian as root its package is installed where it is missing, as the browser of the journeys is.
 * Undefined where it is not there and cannot be brought.
 */
export async function obtainSpreadsheet(): Promise<string | undefined> {
  const found = await find();
  if (found !== undefined || process.platform !== 'linux' || process.getuid?.() !== 0) return found;
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['install', '-y', '--no-install-recommends', packageName];
    await run('apt-get', install, { env, timeout: installTimeoutMs });
  } catch {
    return undefined;
  }
  return find();
}
