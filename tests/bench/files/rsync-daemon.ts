import { execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const patienceMs = 10_000;

export interface RsyncDaemon {
  /**
   * Sends a folder over loopback, without compression. @returns how long it took
   * @param isFlushed whether each file is on the disk when rsync says that it is there; by itself it does not care.
   */
  measure(source: string, name: string, isFlushed: boolean): Promise<number>;
  stop(): Promise<void>;
}

/** rsync's daemon on loopback, below `folder`. Undefined, with a word on standard error, where there is no rsync. */
export async function startRsyncDaemon(folder: string): Promise<RsyncDaemon | undefined> {
  if (!(await hasRsync())) {
    console.error(
      'There is no rsync on this machine (Debian: apt-get install rsync): no peer for small files.',
    );
    return undefined;
  }
  const module = path.join(folder, 'rsync');
  await mkdir(module, { recursive: true });
  const port = await findFreePort();
  const configuration = path.join(folder, 'rsyncd.conf');
  const isRoot = process.getuid?.() === 0;
  await writeFile(
    configuration,
    [
      'use chroot = no',
      ...(isRoot ? ['uid = root', 'gid = root'] : []),
      '[bench]',
      `path = ${module}`,
      'read only = no',
      '',
    ].join('\n'),
  );
  const daemon = spawn(
    'rsync',
    [
      '--daemon',
      '--no-detach',
      `--config=${configuration}`,
      `--port=${port}`,
      '--address=127.0.0.1',
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => daemon.once('close', () => resolve()));
  await waitForPort(port);
  return {
    async measure(source, name, isFlushed) {
      const beganMs = performance.now();
      const options = isFlushed ? ['-r', '--fsync'] : ['-r'];
      await run('rsync', [...options, `${source}/`, `rsync://127.0.0.1:${port}/bench/${name}/`]);
      return performance.now() - beganMs;
    },
    async stop() {
      daemon.kill('SIGTERM');
      await ended;
    },
  };
}

async function hasRsync(): Promise<boolean> {
  return await run('rsync', ['--version']).then(
    () => true,
    () => false,
  );
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function waitForPort(port: number): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    if (performance.now() > untilMs) throw new Error('rsync did not open its port');
    await wait(20);
  }
}
