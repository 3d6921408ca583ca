import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type RunningServer,
  startServer,
  type StartServerOptions,
} from '../../../src/server/start-server.ts';

/** A fresh folder, removed when the test ends. */
export async function createTestFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-server-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestServer extends RunningServer {
  readonly dataFolder: string;
  /** Closes the server and starts it again on the same folder, on another port. */
  restart(options?: Partial<StartServerOptions>): Promise<TestServer>;
}

/** A real server on a free port of 127.0.0.1 in a fresh folder, closed when the test ends. */
export async function startTestServer(
  options: Partial<StartServerOptions> = {},
): Promise<TestServer> {
  const dataFolder = options.dataFolder ?? (await createTestFolder());
  const server = await startServer({ logLevel: 'silent', ...options, dataFolder });
  onTestFinished(() => server.close());
  return {
    ...server,
    dataFolder,
    async restart(changed = {}) {
      await server.close();
      return await startTestServer({ ...options, ...changed, dataFolder });
    },
  };
}
