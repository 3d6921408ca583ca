import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface LineProcess {
  readonly pid: number;
  /** By `performance.now()`, just before it was started. */
  readonly startedMs: number;
  /** The first line of standard output that is a JSON object. Rejects when the process ends without one. */
  readonly firstJson: Promise<Readonly<Record<string, unknown>>>;
  /** Asks it to end, with all that it started, and waits until it has. */
  stop(): Promise<void>;
}

const patienceMs = 60_000;
const stopPatienceMs = 10_000;

/** Starts a program that tells its state in a line of JSON. */
export function startLineProcess(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): LineProcess {
  const startedMs = performance.now();
  // A group of its own, so that npm's and the launcher's children can be ended with it.
  const child = spawn(program, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const firstJson = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${program} told nothing within ${patienceMs} ms. ${complaints}`)),
      patienceMs,
    );
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      finish();
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{'))
        settle(() => resolve(JSON.parse(line) as Readonly<Record<string, unknown>>));
    });
    child.once('error', (error) => settle(() => reject(error)));
    void ended.then(() =>
      settle(() => reject(new Error(`${program} ended before it was ready. ${complaints}`))),
    );
  });
  // Whoever stops it before it was ready does not ask for the line any more.
  firstJson.catch(() => undefined);
  return {
    pid: child.pid ?? -1,
    startedMs,
    firstJson,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        signalGroup(child, 'SIGTERM');
        const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), stopPatienceMs);
        await ended;
        clearTimeout(timer);
      }
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') child.kill(signal);
  else process.kill(-child.pid, signal);
}
