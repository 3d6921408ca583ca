import path from 'node:path';
import { nodeFlags } from '../../../scripts/node-flags.mjs';
import { repositoryRoot } from '../../../scripts/run-step.ts';
import { type LineProcess, startLineProcess } from '../harness/line-process.ts';

export interface ServerChild extends LineProcess {
  readonly url: string;
}

/** `stint server` on a folder, in a process of its own; on PostgreSQL where a database is named. */
export async function startServerChild(
  dataFolder: string,
  options: { readonly databaseUrl?: string | undefined; readonly port?: number } = {},
): Promise<ServerChild> {
  const started = startLineProcess(
    process.execPath,
    [
      ...nodeFlags,
      path.join(repositoryRoot, 'src/cli/main.ts'),
      'server',
      '--data',
      dataFolder,
      '--port',
      String(options.port ?? 0),
      '--log-level',
      'error',
    ],
    { env: { ...process.env, DATABASE_URL: options.databaseUrl ?? '' } },
  );
  try {
    const { url } = await started.firstJson;
    if (typeof url !== 'string') throw new Error('the server told no address');
    return { ...started, url };
  } catch (error) {
    await started.stop();
    throw error;
  }
}
