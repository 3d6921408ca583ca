import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

export const repositoryRoot = path.resolve(import.meta.dirname, '..');

/** Signals a child with everything that this process is asked to do, so that nothing outlives it. */
const forwardedSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface StepOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** After this long the process is ended and counts as failed. */
  readonly timeoutMs?: number;
}

/**
 * Runs a program in the repository's root with this process's streams.
 *
 * @returns its exit status; 128 and the signal's number when one ended it, 127 when it could not be started
 */
export async function runStep(
  program: string,
  args: readonly string[],
  options: StepOptions = {},
): Promise<number> {
  const child = spawn(program, args, {
    cwd: repositoryRoot,
    stdio: 'inherit',
    env: { ...process.env, ...options.env },
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  });
  const forward = (signal: NodeJS.Signals): void => {
    // A terminal has sent Ctrl+C to the child as well, and a second one could cut its end short.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of forwardedSignals) process.on(signal, forward);
  try {
    return await new Promise((resolve) => {
      child.on('error', (error) => {
        console.error(`Could not start ${program}: ${error.message}`);
        resolve(127);
      });
      child.on('exit', (code, signal) => {
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } finally {
    for (const signal of forwardedSignals) process.off(signal, forward);
  }
}

/**
 * Runs a command of an installed package under this Node, whatever the platform's shell is.
 *
 * @returns as `runStep`; 127 also when the package is not installed
 */
export async function runPackageStep(
  packageName: string,
  command: string,
  args: readonly string[],
  options: StepOptions = {},
): Promise<number> {
  if (!existsSync(path.join(repositoryRoot, 'node_modules', packageName, 'package.json'))) {
    console.error(`The package ${packageName} is not installed. Run "npm ci" and try again.`);
    return 127;
  }
  return runStep(process.execPath, [getPackageBin(packageName, command), ...args], options);
}

function getPackageBin(packageName: string, command: string): string {
  const folder = path.join(repositoryRoot, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly bin?: string | Readonly<Record<string, string>>;
  };
  const bin = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[command];
  if (bin === undefined) throw new Error(`The package ${packageName} has no command ${command}.`);
  return path.join(folder, bin);
}

export function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
