import { homedir } from 'node:os';
import path from 'node:path';
import { StintError } from '../../shared/errors.ts';
import { locateAppFiles } from '../hosting/app-files.ts';
import { computeDefaultDataFolder } from '../hosting/data-folder.ts';
import { openRecoverableEngine } from '../workspace/engine/recoverable-engine.ts';
import { parseLoopbackArguments } from './command-line.ts';
import { type LoopbackHost, startLoopbackHost } from './loopback-host.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

function hasDisplay(): boolean {
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

async function openAddress(url: string): Promise<void> {
  if (!hasDisplay())
    throw new StintError('unavailable', 'there is no display here to open an address on');
  const { default: open } = await import('open');
  const child = await open(url);
  // The address is printed as well; a browser that fails to start must not end the host.
  child.on('error', () => complain('No browser could be started.'));
}

async function run(): Promise<void> {
  const { platform, env } = process;
  const defaultDataFolder = computeDefaultDataFolder({ platform, env, homeFolder: homedir() });
  const args = parseLoopbackArguments(process.argv.slice(2), defaultDataFolder);
  const appFiles = locateAppFiles(import.meta.dirname);
  const host = await startLoopbackHost({
    openEngine: (capabilities) =>
      openRecoverableEngine({
        folder: args.dataFolder,
        version: appFiles.version,
        host: capabilities,
      }),
    startSample: async (folder) => {
      // The server is loaded for those alone who try the sample.
      const { startSampleServer } = await import('../sample/start-sample-server.ts');
      return startSampleServer(folder, path.join(appFiles.resourcesFolder, 'sample'));
    },
    openAddress,
    rendererFolder: appFiles.rendererFolder,
    port: args.port,
    log: {
      info: (message) => complain(message),
      error: (message, cause) => complain(`${message}: ${describeCause(cause)}`),
    },
  });
  closeOnSignal(host);
  if (args.isJson) {
    say(JSON.stringify({ url: host.url, dataFolder: args.dataFolder }));
    return;
  }
  say(`Stint is open at ${host.url}`);
  say(`Your work is in ${args.dataFolder}. Press Ctrl+C to close Stint.`);
  if (!args.opensBrowser) return;
  if (!hasDisplay()) return void say('There is no display here: open the address in a browser.');
  await openAddress(host.createOpeningUrl());
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : 'no details';
}

function closeOnSignal(host: LoopbackHost): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    // A second one ends the process at once, as the system does by itself.
    process.once(signal, () => {
      host.close().then(
        () => process.exit(0),
        (error: unknown) => {
          complain(`Stint did not close cleanly: ${describeCause(error)}`);
          process.exit(1);
        },
      );
    });
}

try {
  await run();
} catch (error) {
  complain(
    error instanceof StintError
      ? `Stint cannot start: ${error.message}`
      : `Stint cannot start because of a fault in it: ${describeCause(error)}`,
  );
  process.exit(1);
}
