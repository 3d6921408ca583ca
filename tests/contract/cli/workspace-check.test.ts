import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runStint } from '../../support/cli/run-stint.ts';
import { makeTemporaryFolder, openTestInstallation } from '../../support/sync/test-installation.ts';
import { setUpOrganization, startTestServer } from '../../support/sync/test-organization.ts';

test('stint workspace check names damaged databases and files, and tells by its exit status', async () => {
  const { path: root, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  const server = await startTestServer(path.join(root, 'server'));
  onTestFinished(() => server.close());
  const installation = await openTestInstallation(path.join(root, 'desk'));
  const seat = await setUpOrganization(installation, server.url);
  const { sha256 } = await installation.files.importStream(['prices'] as never);
  await installation.close();
  const check = () => runStint(['workspace', 'check', '--workspace', installation.folder]);
  expect(await check()).toMatchObject({ status: 0, stdout: 'all is well: 1 file was read\n' });

  await writeFile(installation.files.path(sha256), 'prizes');
  expect(await check()).toMatchObject({
    status: 1,
    stdout: `damaged  file ${sha256}\n1 damaged: 1 file was read\n`,
  });

  const database = path.join(installation.folder, 'seats', seat.record.seatId, 'seat.db');
  const content = await readFile(database);
  content.fill(0x55, 4096, 3 * 4096);
  await writeFile(database, content);
  const { status, stdout } = await check();
  expect(status).toBe(1);
  expect(stdout).toMatch(/damaged {2}seats\/.*seat\.db: .+\ndamaged {2}file/);

  expect(await runStint(['workspace', 'check', '--workspace', root])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('there is no workspace') as string,
  });
});
