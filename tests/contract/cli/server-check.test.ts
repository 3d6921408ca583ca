import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runStint } from '../../support/cli/run-stint.ts';
import { fillServer } from '../../support/server/test-backup.ts';
import { startTestServer } from '../../support/server/test-server.ts';

test('stint server check tells by its exit status whether all is well', async () => {
  const server = await startTestServer();
  const { organization, file } = await fillServer(server);
  const args = ['server', 'check', '--data', server.dataFolder];
  expect(await runStint(args)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('all is well: 1 content ') as string,
  });
  await rm(
    path.join(server.dataFolder, 'blobs', organization.orgId, file.sha256.slice(0, 2), file.sha256),
  );
  expect(await runStint(args)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(file.sha256) as string,
  });
  expect(await runStint(['server', 'check', '--data', '/nowhere'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('not_found') as string,
  });
});
