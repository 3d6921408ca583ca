import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkServer } from '../../../src/server/check/check-server.ts';
import { fillServer } from '../../support/server/test-backup.ts';
import { runStatement } from '../../support/server/test-database.ts';
import { startTestServer, type TestServer } from '../../support/server/test-server.ts';

const check = ({ dataFolder, databaseUrl }: TestServer) => checkServer({ dataFolder, databaseUrl });

test('SY-22 a content that the disk changed or lost is found by a check while the server runs', async () => {
  const server = await startTestServer();
  const { organization, file } = await fillServer(server);
  const sound = await check(server);
  expect(sound).toMatchObject({ problems: [], contents: 1 });
  expect(sound.logEntries).toBeGreaterThan(3);

  const blob = path.join(
    server.dataFolder,
    'blobs',
    organization.orgId,
    file.sha256.slice(0, 2),
    file.sha256,
  );
  const content = await readFile(blob);
  const flipped = Buffer.from(content);
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  await writeFile(blob, flipped);
  expect((await check(server)).problems).toEqual([expect.stringContaining('the disk changed it')]);
  await rm(blob);
  expect((await check(server)).problems).toEqual([expect.stringContaining('is missing')]);
  await writeFile(blob, content);
  expect((await check(server)).problems).toEqual([]);
});

test.for([
  [`update "mutationLog" set "argsJson" = '{}' where "seq" = 2`, /change 2 .* other arguments/],
  [
    `update "mutationLog" set "mutationId" = "orgId" where "seq" = 2`,
    /fit together at the change 2/,
  ],
  [`delete from "mutationLog" where "seq" = 2`, /change 2 of the log is missing/],
  [`delete from "mutationLog" where "seq" > 2`, /change 3 of the log is missing/],
  [`delete from "mutationLog"`, /log is missing as a whole/],
] as const)(
  'SY-15 a log that was changed is found by a check: %s',
  async ([statement, expected]) => {
    const server = await startTestServer();
    await fillServer(server);
    await runStatement(server, statement);
    expect((await check(server)).problems.join('\n')).toMatch(expected);
  },
);

test('SY-15 a log is followed in its order, wherever its lines lie', async () => {
  const server = await startTestServer();
  await fillServer(server);
  // PostgreSQL writes a line anew at another place.
  await runStatement(server, `update "mutationLog" set "name" = "name" where "seq" = 2`);
  expect((await check(server)).problems).toEqual([]);
});
