import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeptRead, readInOneState } from '../../../../src/main/workspace/work/kept-read.ts';
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

async function rename(title: string, taskId: string): Promise<void> {
  await organization.owner.db
    .updateTable('tasks')
    .set({ title })
    .where('id', '=', taskId)
    .execute();
}

test('what changed between its steps is read anew at once, and what is kept is of one state', async () => {
  const { owner } = organization;
  const taskId = await assignTestTask(workspace, organization, { title: 'First' });
  let reads = 0;
  const load = createKeptRead(async (seat) => {
    reads += 1;
    const before = await readTitles(seat);
    if (reads === 1) await rename('Second', taskId);
    return [...before, ...(await readTitles(seat))];
  });
  expect(await load(owner)).toEqual(['Second', 'Second']);
  expect(await load(owner)).toEqual(['Second', 'Second']);
  expect(reads).toBe(2);
});

test('where something changes in each turn of others, it is read without turns', async () => {
  const { owner } = organization;
  const taskId = await assignTestTask(workspace, organization, { title: 'Task 0' });
  let changes = 0;
  const titles = await readInOneState([owner], async (turns) => {
    const before = await readTitles(owner);
    // So many steps are one turn of others, who change it.
    const change = setImmediate(() => {
      changes += 1;
      void rename(`Task ${changes}`, taskId);
    });
    for (let step = 0; step < 100; step += 1) await turns.pass();
    clearImmediate(change);
    return [...before, ...(await readTitles(owner))];
  });
  expect(titles).toEqual(['Task 2', 'Task 2']);
});

test('sums that the reading would make anew are made before its state is looked at', async () => {
  const { owner } = organization;
  const taskId = await assignTestTask(workspace, organization, { title: 'First' });
  let reads = 0;
  const read = async () => {
    reads += 1;
    return await readTitles(owner);
  };
  const prepare = async () => {
    if (reads === 0) await rename('Prepared', taskId);
  };
  expect(await readInOneState([owner], read, prepare)).toEqual(['Prepared']);
  expect(reads).toBe(1);
});

test('who asks while it is being read is given the same, and who asks after a change, what is new', async () => {
  const { owner } = organization;
  const taskId = await assignTestTask(workspace, organization, { title: 'First' });
  let reads = 0;
  const load = createKeptRead(async (seat) => {
    reads += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return await readTitles(seat);
  });
  const [first, second] = await Promise.all([load(owner), load(owner)]);
  expect(first).toEqual(['First']);
  expect(second).toBe(first);
  expect(reads).toBe(1);
  await rename('Second', taskId);
  expect(await load(owner)).toEqual(['Second']);
});

test('a reading that failed is not kept', async () => {
  const { owner } = organization;
  let reads = 0;
  const load = createKeptRead(async (seat) => {
    reads += 1;
    if (reads === 1) throw new Error('not this time');
    return await readTitles(seat);
  });
  await expect(load(owner)).rejects.toThrow('not this time');
  expect(await load(owner)).toEqual([]);
});
