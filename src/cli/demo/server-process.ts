import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<void>;
}

/** `stint server` as a process of its own; fulfils when it listens. It ends with this process. */
export async function startServerProcess(dataFolder: string, port: number): Promise<ServerProcess> {
  // The program that runs here: a source, or what was built from it, whose parts lie elsewhere.
  const program = process.argv[1];
  if (program === undefined) throw new Error('the demo runs in a program started from a file');
  const child = spawn(
    process.execPath,
    [program, 'server', '--data', dataFolder, '--port', String(port), '--log-level', 'error'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const endWithParent = (): void => void child.kill('SIGTERM');
  process.once('exit', endWithParent);
  const ended = once(child, 'exit').then(() => {
    process.off('exit', endWithParent);
  });
  const line = await Promise.race([readFirstLine(child), ended.then(() => undefined)]);
  if (line === undefined) throw new Error('the server ended before it listened');
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    port: Number(new URL(url).port),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function readFirstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  for await (const line of createInterface({ input: child.stdout })) return line;
  return undefined;
}
