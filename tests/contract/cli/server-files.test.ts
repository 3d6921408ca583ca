import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runStint } from '../../support/cli/run-stint.ts';
import { computeSha256 } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { describeUploadError, uploadContent } from '../../support/server/upload-content.ts';
import { catchError } from '../../support/catch-error.ts';

const containing = (text: string) => expect.stringContaining(text) as string;

test('stint server quota lists and sets what an organization may keep, while the server runs', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url, 'Acorn');
  await uploadContent(owner, orgId, randomBytes(1000));
  const args = ['server', 'quota', '--data', server.dataFolder];
  expect(await runStint(args)).toMatchObject({
    status: 0,
    stdout: containing(`${orgId}  1000 bytes of the default  Acorn`),
  });
  expect(await runStint([...args, '--org', orgId, '--set', '2K'])).toMatchObject({
    status: 0,
    stdout: containing('1000 bytes of 2048'),
  });
  const failure = await catchError(() => uploadContent(owner, orgId, randomBytes(2000)));
  expect(describeUploadError(failure).code).toBe('quota_exceeded');
  expect(await runStint([...args, '--org', orgId])).toMatchObject({ status: 2 });
  expect(await runStint([...args, '--org', orgId, '--set', 'lots'])).toMatchObject({
    status: 2,
    stderr: containing('expected a size like 500M'),
  });
});

test('stint server scrub names what is damaged, and collect what would go, while the server runs', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const content = randomBytes(1000);
  const sha256 = computeSha256(content);
  await uploadContent(owner, orgId, content);
  const data = ['--data', server.dataFolder];
  expect(await runStint(['server', 'scrub', ...data])).toMatchObject({
    status: 0,
    stdout: containing('all is well: 1 content '),
  });
  await rm(path.join(server.dataFolder, 'blobs', orgId, sha256.slice(0, 2), sha256));
  expect(await runStint(['server', 'scrub', ...data])).toMatchObject({
    status: 1,
    stdout: containing(`missing: the content ${sha256}`),
  });
  await uploadContent(owner, orgId, content);
  expect(await runStint(['server', 'scrub', ...data, '--json'])).toMatchObject({
    status: 0,
    stdout: containing('"awaited": 0'),
  });
  expect(await runStint(['server', 'collect', ...data, '--dry-run'])).toMatchObject({
    status: 0,
    stdout: containing('would remove 0 contents'),
  });
  expect(await runStint(['server', 'collect', ...data])).toMatchObject({
    status: 1,
    stderr: containing('workspace_in_use'),
  });
});
