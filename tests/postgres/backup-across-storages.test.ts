import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { restoreServerBackup } from '../../src/server/backup/restore-server-backup.ts';
import { startServer } from '../../src/server/start-server.ts';
import { createPostgresDatabase } from '../support/postgres/create-postgres-database.ts';
import { backUp, fillServer, listEverything } from '../support/server/test-backup.ts';
import { createTestFolder, startTestServer } from '../support/server/test-server.ts';

/** A server on the folder's own SQLite file, in a run that is about PostgreSQL. */
async function startSqliteServer(dataFolder: string) {
  const server = await startServer({ dataFolder, logLevel: 'silent' });
  onTestFinished(() => server.close());
  return { ...server, dataFolder, databaseUrl: undefined };
}

test('SY-15 a backup from SQLite restores into PostgreSQL, and from there back, with the same rows', async () => {
  const small = await startSqliteServer(await createTestFolder());
  const { organization, intern } = await fillServer(small);
  const { orgId, owner } = organization;
  const before = await listEverything(owner, orgId);
  const first = await createTestFolder();
  await backUp(small, first);
  await small.close();

  const databaseUrl = await createPostgresDatabase({ isEmpty: true });
  const dataFolder = path.join(await createTestFolder(), 'moved');
  await restoreServerBackup({ from: first, dataFolder, databaseUrl });
  const large = await startTestServer({ dataFolder, databaseUrl });
  expect(await listEverything(owner.moveTo(large.url), orgId)).toEqual(before);
  await owner
    .moveTo(large.url)
    .apply(orgId, ['project.close', { projectId: organization.projectId }]);
  const after = await listEverything(owner.moveTo(large.url), orgId);
  const second = await createTestFolder();
  await backUp(large, second);
  await large.close();

  const back = path.join(await createTestFolder(), 'back');
  await restoreServerBackup({ from: second, dataFolder: back, databaseUrl: undefined });
  const again = await startSqliteServer(back);
  expect(await listEverything(owner.moveTo(again.url), orgId)).toEqual(after);
  expect(await listEverything(intern.moveTo(again.url), orgId)).not.toEqual([]);
});

test('SY-15 two processes on one database go on serving while a backup is made', async () => {
  const one = await startTestServer();
  const { organization } = await fillServer(one);
  const { databaseUrl } = one;
  if (databaseUrl === undefined) throw new Error('this test is about PostgreSQL');
  const two = await startTestServer({ dataFolder: one.dataFolder, databaseUrl });
  const owners = [one, two].map(({ url }) => organization.owner.moveTo(url));
  const to = await createTestFolder();
  const [made] = await Promise.all([
    backUp(one, to),
    ...owners.map((owner) =>
      owner.apply(organization.orgId, ['project.close', { projectId: organization.projectId }]),
    ),
  ]);
  expect(made).toMatchObject({ contents: 1, absent: [] });
});
