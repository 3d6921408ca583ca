import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { loadSample } from '../../server/sample/sample-format.ts';
import { type RunningServer, startServer } from '../../server/start-server.ts';
import type { SampleAccess } from '../workspace/engine/host-capabilities.ts';
import { seedSample } from './seed-sample.ts';

const accessFileSchema = z.object({
  version: z.literal(1),
  port: z.int(),
  employerPassword: z.string(),
  internPassword: z.string(),
});
type AccessFile = z.infer<typeof accessFileSchema>;

/**
 * Starts the sample's server on this machine, and on first use brings its organization to life. It comes up
 * on the port it had before, or on another if that one is taken. The passwords of its two people are random,
 * and lie in `folder` where this user alone can read them. A first use that was interrupted begins anew.
 *
 * @param resourcesFolder the folder that holds `sample.json`.
 */
export async function startSampleServer(
  folder: string,
  resourcesFolder: string,
): Promise<SampleAccess & { close(): Promise<void> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const sample = await loadSample(resourcesFolder);
  const accessPath = path.join(folder, 'access.json');
  const dataFolder = path.join(folder, 'server');
  const known = await findAccessFile(accessPath);
  if (known === undefined) await rm(dataFolder, { recursive: true, force: true });
  const server = await startOnPort(dataFolder, known?.port ?? 0);
  try {
    const access = known ?? {
      version: 1,
      port: 0,
      employerPassword: randomBytes(24).toString('base64url'),
      internPassword: randomBytes(24).toString('base64url'),
    };
    if (known === undefined) {
      const workFolder = path.join(folder, 'preparation');
      await rm(workFolder, { recursive: true, force: true });
      await seedSample({
        serverUrl: server.url,
        folder: workFolder,
        sampleFolder: resourcesFolder,
        ...access,
      });
      await rm(workFolder, { recursive: true, force: true });
    }
    const port = Number(new URL(server.url).port);
    // Written last: while it is not there, nothing is known to be whole.
    if (access.port !== port) await writeAccessFile(accessPath, { ...access, port });
    return {
      serverUrl: server.url,
      employer: { email: sample.employer.email, password: access.employerPassword },
      intern: { email: sample.intern.email, password: access.internPassword },
      close: () => server.close(),
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function startOnPort(dataFolder: string, port: number): Promise<RunningServer> {
  const options = { dataFolder, name: 'Sample', signup: 'invitation', logLevel: 'error' } as const;
  try {
    return await startServer({ ...options, port });
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startServer({ ...options, port: 0 });
  }
}

async function findAccessFile(accessPath: string): Promise<AccessFile | undefined> {
  try {
    return accessFileSchema.parse(JSON.parse(await readFile(accessPath, 'utf8')));
  } catch {
    return undefined;
  }
}

async function writeAccessFile(accessPath: string, access: AccessFile): Promise<void> {
  const temporary = `${accessPath}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(access, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, accessPath);
}
