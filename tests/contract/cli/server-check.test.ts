import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runStint } from '../../support/cli/run-stint.ts';
import { fillServer } from '../../support/server/test-backup.ts';
import { createTestFolder, startTestServer } from '../../support/server/test-server.ts';

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

test.for(['check', 'scrub', 'collect', 'quota', 'backup'])(
  'stint server %s says of a file in the place of a data folder that there is none',
  async (command) => {
    const folder = await createTestFolder();
    const file = path.join(folder, 'server.db');
    await writeFile(file, '');
    const to = command === 'backup' ? ['--to', path.join(folder, 'backups')] : [];
    expect(await runStint(['server', command, '--data', file, ...to])).toEqual({
      status: 1,
      stdout: '',
      stderr: `stint: there is no data folder ${file} (not_found)\n`,
    });
  },
);

test.for(['check', 'backup'])(
  'stint server %s says that it cannot keep the contents where they are, in a folder that cannot be written',
  async (command) => {
    const server = await startTestServer();
    await mkdir(path.join(server.dataFolder, 'contents.lock'));
    const to = command === 'backup' ? ['--to', await createTestFolder()] : [];
    const outcome = await runStint(['server', command, '--data', server.dataFolder, ...to]);
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^stint: .*cannot be written.* \(workspace_unwritable\)\n$/);
  },
);
