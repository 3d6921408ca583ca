import { expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { checkDrift, type ScopeDrift } from '../../../../src/main/workspace/sync/drift-check.ts';
import { settle, type TestInstallation } from '../../../support/sync/test-installation.ts';
import { assignTask, setUpPair, submit } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

async function check(installation: TestInstallation): Promise<ScopeDrift[]> {
  const { drift, ...outcome } = await installation.sync.settle(15_000, { checksDrift: true });
  expect(outcome.isSettled).toBe(true);
  return (drift ?? []).flatMap(({ scopes }) => {
    if (scopes === null) throw new Error('not compared');
    return scopes;
  });
}

const listTitles = async (seat: Seat) =>
  (await seat.db.selectFrom('tasks').select('title').orderBy('title').execute()).map(
    (row) => row.title,
  );

test('SY-14 what both sides hold alike is found to be alike, drafts included', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  await submit(intern, task);
  await intern.mutate(
    'draft.writeNote',
    { taskId: task.taskId, note: 'private' },
    { subject: 'note' },
  );
  await settle(scene.laptop);
  for (const installation of [scene.desk, scene.laptop]) {
    const scopes = await check(installation);
    expect(scopes.length).toBeGreaterThan(1);
    expect(scopes).toEqual(scopes.map((scope) => ({ ...scope, isSame: true })));
  }
});

test('SY-14 a scope that differs is fetched afresh, and nothing of it is sent', async () => {
  const { employer, intern, employment } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
  );
  await assignTask(employer, employment.engagementId, { title: 'Second' });
  await settle(scene.desk);
  await settle(scene.laptop);
  // A row altered and a row lost, by a disk or by a fault of the program.
  const { connection } = intern.opened;
  connection.exec(`update "tasks" set "title" = 'Rotten' where "title" = 'Second'`);
  connection.exec(`delete from "briefVersions"`);
  const scopes = await check(scene.laptop);
  const different = scopes.filter((scope) => !scope.isSame);
  expect(different).toMatchObject([{ scope: `engagement:${employment.engagementId}` }]);
  expect(await listTitles(intern)).toEqual(['Second', 'Survey prices']);
  expect(await intern.db.selectFrom('briefVersions').selectAll().execute()).toHaveLength(2);
  expect(await check(scene.laptop)).toEqual(
    scopes.map((scope) => ({ ...scope, rows: expect.any(Number), isSame: true })),
  );
  await settle(scene.desk);
  expect(await listTitles(employer)).toEqual(['Second', 'Survey prices']);
});

test('SY-14 what waits to be sent is no difference', async () => {
  const { intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.stumblesAt = '/push';
  await submit(intern, task, { note: 'not sent yet' });
  await intern.mutate(
    'draft.writeNote',
    { taskId: task.taskId, note: 'private' },
    { subject: 'note' },
  );
  const client = await scene.laptop.accounts.findClient(intern.record.accountKey);
  if (client === undefined) throw new Error('no client');
  await scene.laptop.sync.stop();
  const outcome = await checkDrift(intern, client);
  expect(outcome?.map(({ isSame }) => isSame)).toEqual(outcome?.map(() => true));
  expect(outcome).not.toHaveLength(0);
});
