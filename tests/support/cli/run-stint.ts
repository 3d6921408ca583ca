import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { stintProgram } from '../stint-program.ts';

export interface CommandOutcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [stintProgram, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
}

/** Runs `stint` as a process of its own, to its end. */
export async function runStint(
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandOutcome> {
  const child = start(args, options.env);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  child.stdin?.end(options.input ?? '');
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

export interface RunningStintServer {
  readonly url: string;
  /** Everything that it has printed on standard output so far. */
  readonly lines: string[];
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Runs `stint server` until the test ends, or it is stopped. */
export async function startStintServer(
  dataFolder: string,
  args: readonly string[] = [],
): Promise<RunningStintServer> {
  const child = start(['server', '--data', dataFolder, '--log-level', 'error', ...args]);
  const exited = once(child, 'exit') as Promise<[number | null]>;
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await exited;
  });
  child.stderr?.pipe(process.stderr);
  const lines: string[] = [];
  if (child.stdout === null) throw new Error('no standard output');
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  await Promise.race([once(reader, 'line'), exited]);
  const { url } = JSON.parse(lines[0] ?? '{}') as { url?: string };
  if (url === undefined) throw new Error('the server ended before it listened');
  return {
    url,
    lines,
    stop: async (signal) => {
      child.kill(signal);
      const [status] = await exited;
      return status;
    },
  };
}
