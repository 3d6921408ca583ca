import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type RunningServer,
  startServer,
  type StartServerOptions,
} from '../../../src/server/start-server.ts';
import { createPostgresDatabase } from '../postgres/create-postgres-database.ts';
import { placeMigratedDatabase } from './migrated-database.ts';
import { quickPasswords } from './quick-passwords.ts';

/** A fresh folder, removed when the test ends. */
export async function createTestFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-server-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestServer extends RunningServer {
  readonly dataFolder: string;
  /** Undefined where the data lies in the folder's SQLite file. */
  readonly databaseUrl: string | undefined;
  /** Closes the server and starts it again on the same folder, on another port. */
  restart(options?: Partial<StartServerOptions>): Promise<TestServer>;
  /**
   * Closes the server, and keeps a copy of its database and its folder. The answer starts a server on that copy,
   * as if it had been restored from a backup; once.
   */
  keepCopy(): Promise<(options?: Partial<StartServerOptions>) => Promise<TestServer>>;
}

/**
 * A real server on a free port of 127.0.0.1 in a fresh folder, closed when the test ends. On SQLite, or on a
 * fresh PostgreSQL database where the contract runs on that.
 */
export async function startTestServer(
  options: Partial<StartServerOptions> = {},
): Promise<TestServer> {
  const dataFolder = options.dataFolder ?? (await createTestFolder());
  const databaseUrl = options.databaseUrl ?? (await createDatabase());
  if (options.dataFolder === undefined && databaseUrl === undefined)
    await placeMigratedDatabase(dataFolder);
  const storage = databaseUrl === undefined ? {} : { databaseUrl };
  const ports = { ...quickPasswords, ...options.ports };
  const server = await startServer({
    logLevel: 'silent',
    ...options,
    ...storage,
    dataFolder,
    ports,
  });
  onTestFinished(() => server.close());
  return {
    ...server,
    dataFolder,
    databaseUrl,
    async restart(changed = {}) {
      await server.close();
      return await startTestServer({ ...options, ...storage, ...changed, dataFolder });
    },
    async keepCopy() {
      await server.close();
      const copiedFolder = await createTestFolder();
      await cp(dataFolder, copiedFolder, { recursive: true });
      const copied =
        databaseUrl === undefined
          ? {}
          : { databaseUrl: await createPostgresDatabase({ copyOf: databaseUrl }) };
      return (changed = {}) =>
        startTestServer({ ...options, ...copied, ...changed, dataFolder: copiedFolder });
    },
  };
}

async function createDatabase(): Promise<string | undefined> {
  return process.env['STINT_TEST_STORAGE'] === 'postgres'
    ? await createPostgresDatabase()
    : undefined;
}
