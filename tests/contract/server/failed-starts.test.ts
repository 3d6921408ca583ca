import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createServerBackup } from '../../../src/server/backup/create-server-backup.ts';
import { createSystemClock } from '../../../src/server/ports/system-clock.ts';
import { startServer } from '../../../src/server/start-server.ts';
import { collectServer } from '../../../src/server/upkeep/keep-up-server.ts';
import { createTestFolder, startTestServer } from '../../support/server/test-server.ts';

const noAddress = 'ftp://bucket';

test('a command that was told a wrong store of files gives the data folder free again', async () => {
  const server = await startTestServer();
  await server.close();
  const { dataFolder, databaseUrl } = server;
  const place = { dataFolder, databaseUrl, blobs: noAddress };
  await expect(collectServer({ ...place, isDryRun: false })).rejects.toMatchObject({
    field: 'STINT_BLOBS',
  });
  await server.restart();
});

test('a backup that was told a wrong store of files gives the folder of backups free again', async () => {
  const { dataFolder, databaseUrl } = await startTestServer();
  const to = await createTestFolder();
  const options = { dataFolder, databaseUrl, to, clock: createSystemClock() };
  await expect(createServerBackup({ ...options, blobs: noAddress })).rejects.toMatchObject({
    field: 'STINT_BLOBS',
  });
  await createServerBackup(options);
});

test('a server that could not note who holds the folder lets go of it', async () => {
  const dataFolder = await createTestFolder();
  const notePath = path.join(dataFolder, 'server.lock.json');
  await mkdir(notePath);
  const options = { dataFolder, logLevel: 'silent' } as const;
  await expect(startServer(options)).rejects.toMatchObject({ code: 'EISDIR' });
  await rm(notePath, { recursive: true });
  await (await startServer(options)).close();
});
