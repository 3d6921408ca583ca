import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const startTimeoutMs = 30_000;
const stopTimeoutMs = 15_000;

const repositoryFolder = path.join(import.meta.dirname, '..', '..', '..');

/** The bundles that the journeys run: what was built last, or another tree named in the environment. */
export const builtFolder = process.env['STINT_BUILT_FOLDER'] ?? path.join(repositoryFolder, 'out');

export interface Program {
  /** What the first line of its standard output said. */
  readonly announcement: { readonly url: string };
  /** What it has written to standard error so far. */
  readonly complaints: () => string;
  /** Ends it like a power cut: nothing in it runs any more. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Asks it to end and waits; what does not end is killed and fails the test. */
  stop(): Promise<void>;
}

/**
 * Starts one of the built programs, directly under this Node, so that a signal meets the program itself
 * and no launcher, and waits for the line of JSON that it announces itself with.
 *
 * @param computer.timeZone what the computer's clock is set to; the zone of this machine unless given
 * @param computer.clockShiftMs how far the computer's clock is ahead of this machine's
 */
export async function startProgram(
  entry: string,
  args: readonly string[],
  {
    timeZone,
    clockShiftMs = 0,
  }: { readonly timeZone?: string; readonly clockShiftMs?: number } = {},
): Promise<Program> {
  const clock = clockShiftMs === 0 ? [] : ['--import', describeShiftedClock(clockShiftMs)];
  const program = [...clock, path.join(builtFolder, 'main', entry), ...args];
  const child = spawn(process.execPath, program, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(timeZone === undefined ? {} : { TZ: timeZone }) },
  });
  const gone = once(child, 'exit');
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const announcement = await readAnnouncement(child, () => complaints);
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    announcement,
    complaints: () => complaints,
    kill: async () => {
      if (isGone()) return;
      child.kill('SIGKILL');
      await gone;
    },
    stop: async () => {
      if (isGone()) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await gone;
      clearTimeout(timer);
      if (child.exitCode !== 0)
        throw new Error(
          `${entry} did not end cleanly on SIGTERM (${child.signalCode ?? child.exitCode})\n${complaints}`,
        );
    },
  };
}

/** A module that moves the wall clock of the process which loads it; what counts up goes on as it did. */
function describeShiftedClock(shiftMs: number): string {
  const source = `const Real = Date;
    const now = () => Real.now() + ${shiftMs};
    globalThis.Date = class Date extends Real {
      constructor(...args) { args.length === 0 ? super(now()) : super(...args); }
      static now() { return now(); }
    };`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

/** Runs one of the built programs to its end. */
export function runProgram(
  entry: string,
  args: readonly string[],
): { readonly status: number | null; readonly output: string; readonly complaints: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(builtFolder, 'main', entry), ...args],
    { encoding: 'utf8', timeout: startTimeoutMs },
  );
  return { status, output: stdout, complaints: stderr };
}

async function readAnnouncement(
  child: ChildProcess,
  complaints: () => string,
): Promise<{ readonly url: string }> {
  if (child.stdout === null) throw new Error('the program has no standard output');
  const lines = createInterface({ input: child.stdout });
  const signal = AbortSignal.timeout(startTimeoutMs);
  try {
    const [line] = (await Promise.race([
      once(lines, 'line', { signal }),
      once(child, 'exit', { signal }).then(() => {
        throw new Error('it ended');
      }),
    ])) as [string];
    return JSON.parse(line) as { readonly url: string };
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`the program did not start\n${complaints()}`, { cause: error });
  }
}
