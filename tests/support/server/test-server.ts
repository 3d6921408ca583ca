import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type RunningServer,
  startServer,
  type StartServerOptions,
} from '../../../src/server/start-server.ts';
import { createPostgresDatabase } from '../postgres/create-postgres-database.ts';

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
  const storage = databaseUrl === undefined ? {} : { databaseUrl };
  const server = await startServer({ logLevel: 'silent', ...options, ...storage, dataFolder });
  onTestFinished(() => server.close());
  return {
    ...server,
    dataFolder,
    databaseUrl,
    async restart(changed = {}) {
      await server.close();
      return await startTestServer({ ...options, ...storage, ...changed, dataFolder });
    },
  };
}

async function createDatabase(): Promise<string | undefined> {
  return process.env['STINT_TEST_STORAGE'] === 'postgres'
    ? await createPostgresDatabase()
    : undefined;
}
