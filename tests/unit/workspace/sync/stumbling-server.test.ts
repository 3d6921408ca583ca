import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sendAgain } from '../../../../src/main/workspace/sync/refused-changes.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { addTime, listStates } from '../../../support/sync/recorded-time.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';
import { settle, waitFor } from '../../../support/sync/test-installation.ts';
import { setUpPair } from '../../../support/sync/test-organization.ts';

const scene = setUpSyncScene();

const poison = 'the words that the server cannot bear';

test('SY-7 one change that the server cannot take is found by halving; all others go through, and it is shown', async () => {
  const { intern, employer, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  scene.proxy.isDown = true;
  for (let index = 0; index < 40; index += 1)
    await addTime(intern, task.taskId, 9, index === 17 ? poison : `entry ${index}`);
  scene.proxy.isDown = false;
  scene.proxy.stumblesOver = poison;
  scene.laptop.sync.kick();
  const culprit = await waitFor('the culprit to be set aside', async () => {
    scene.laptop.sync.kick();
    await addTime(intern, task.taskId, 10, 'meanwhile');
    // On a busy machine, work that never stops would leave the halving no time.
    await wait(100);
    return (await listStates(intern)).find((row) => row.state === 'rejected');
  });
  expect(culprit.code).toBe('server_error');
  await waitFor('all others to arrive', async () => {
    scene.desk.sync.kick();
    const rows = await employer.db.selectFrom('timeEntries').select('note').execute();
    return rows.filter((row) => row.note.startsWith('entry')).length === 39;
  });
  const shown = await intern.db.selectFrom('timeEntries').select('note').execute();
  expect(shown.map((row) => row.note)).not.toContain(poison);
  scene.proxy.stumblesOver = undefined;
  await sendAgain(intern, culprit.mutationId, undefined);
  await settle(scene.laptop);
  await settle(scene.desk);
  const rows = await employer.db.selectFrom('timeEntries').select('note').execute();
  expect(rows.filter((row) => row.note === poison)).toHaveLength(1);
});

/** An entry of half an hour, and two changes of its end, at the first of which the server stumbles. */
async function changeTwice() {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { intern, task } = pair;
  const timeEntryId = await addTime(intern, task.taskId, 9, 'first words');
  await settle(scene.laptop);
  scene.proxy.isDown = true;
  const edit = (patch: { endedAt: string; note?: string }, endedAt: string) =>
    intern.mutate(
      'time.edit',
      { timeEntryId, patch, seen: { endedAt, note: 'first words' } },
      { subject: 'time' },
    );
  await edit({ endedAt: ends[1], note: poison }, ends[0]);
  await edit({ endedAt: ends[2] }, ends[1]);
  scene.proxy.isDown = false;
  scene.proxy.stumblesOver = poison;
  const findEnd = async (seat: Seat) =>
    (
      await seat.db
        .selectFrom('timeEntries')
        .select('endedAt')
        .where('id', '=', timeEntryId)
        .executeTakeFirst()
    )?.endedAt;
  return { ...pair, findEnd };
}
const ends = [
  '2026-05-04T09:30:00.000Z',
  '2026-05-04T09:40:00.000Z',
  '2026-05-04T09:50:00.000Z',
] as const;

test('SY-4 what was written over a change at which the server stumbles comes behind it, and is not undone by it', async () => {
  const { intern, employer, task, findEnd } = await changeTwice();
  await addTime(intern, task.taskId, 11, 'meanwhile');
  scene.laptop.sync.kick();
  await waitFor('others to get through', async () => {
    scene.desk.sync.kick();
    const rows = await employer.db.selectFrom('timeEntries').select('note').execute();
    return rows.some(({ note }) => note === 'meanwhile');
  });
  expect(await findEnd(employer)).toBe(ends[0]);
  scene.proxy.stumblesOver = undefined;
  await settle(scene.laptop);
  await settle(scene.desk);
  expect([await findEnd(intern), await findEnd(employer)]).toEqual([ends[2], ends[2]]);
});

test('SY-7 behind a change at which the server stumbles, what was written over it gets through in the end', async () => {
  const { intern, employer, findEnd } = await changeTwice();
  const culprit = await waitFor('the culprit to be set aside', async () => {
    scene.laptop.sync.kick();
    await wait(50);
    return (await listStates(intern)).find((row) => row.state === 'rejected');
  });
  expect(culprit.code).toBe('server_error');
  await settle(scene.laptop);
  await settle(scene.desk);
  expect([await findEnd(intern), await findEnd(employer)]).toEqual([ends[2], ends[2]]);
});

test('SY-7 while the server takes nothing at all, nothing is set aside', async () => {
  const { intern, employer, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  scene.proxy.stumblesAt = '/push';
  for (let index = 0; index < 8; index += 1) await addTime(intern, task.taskId, 9);
  for (let round = 0; round < 6; round += 1) {
    const before = scene.proxy.requests.length;
    scene.laptop.sync.kick();
    await waitFor('another attempt', async () => scene.proxy.requests.length > before + 4);
  }
  expect((await listStates(intern)).map((row) => row.state)).toEqual(
    Array.from({ length: 8 }, () => 'pending'),
  );
  scene.proxy.stumblesAt = undefined;
  await settle(scene.laptop);
  await settle(scene.desk);
  expect(await employer.db.selectFrom('timeEntries').selectAll().execute()).toHaveLength(8);
});
