import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeptRead } from '../../../../src/main/workspace/work/kept-read.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import {
  addOrganization,
  assignTestTask,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-06T09:00:00.000Z' });
  organization = await addOrganization(workspace);
});
afterEach(() => workspace.close());

const readTitles = async (seat: Seat): Promise<string[]> =>
  (await seat.db.selectFrom('tasks').select('title').orderBy('title').execute()).map(
    ({ title }) => title,
  );

test('what was read is kept until something changed, by this connection or by another', async () => {
  const { owner } = organization;
  let reads = 0;
  const load = createKeptRead(async (seat) => {
    reads += 1;
    return await readTitles(seat);
  });
  const taskId = await assignTestTask(workspace, organization, { title: 'First' });
  expect(await load(owner)).toEqual(['First']);
  expect(await load(owner)).toEqual(['First']);
  expect(reads).toBe(1);

  await owner.db.updateTable('tasks').set({ title: 'Second' }).where('id', '=', taskId).execute();
  expect(await load(owner)).toEqual(['Second']);
  expect(reads).toBe(2);

  const other = new Database(owner.opened.connection.name);
  try {
    other.prepare(`update "tasks" set "title" = 'Third' where "id" = ?`).run(taskId);
  } finally {
    other.close();
  }
  expect(await load(owner)).toEqual(['Third']);
  expect(reads).toBe(3);
});

test('nothing of a change that was taken back is kept', async () => {
  const { owner } = organization;
  const load = createKeptRead(readTitles);
  const taskId = await assignTestTask(workspace, organization, { title: 'First' });
  let reading: Promise<string[]> | undefined;
  await expect(
    owner.db.transaction().execute(async (tx) => {
      await tx.updateTable('tasks').set({ title: 'Never' }).where('id', '=', taskId).execute();
      reading = load(owner);
      // The reader is begun while this is under way.
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('not after all');
    }),
  ).rejects.toThrow('not after all');
  expect(await reading).toEqual(['First']);
  expect(await load(owner)).toEqual(['First']);
});

test('what changed between its steps is read anew the next time', async () => {
  const { owner } = organization;
  const taskId = await assignTestTask(workspace, organization, { title: 'First' });
  let reads = 0;
  const load = createKeptRead(async (seat) => {
    reads += 1;
    const titles = await readTitles(seat);
    if (reads === 1)
      await owner.db
        .updateTable('tasks')
        .set({ title: 'Second' })
        .where('id', '=', taskId)
        .execute();
    return titles;
  });
  expect(await load(owner)).toEqual(['First']);
  expect(await load(owner)).toEqual(['Second']);
});
