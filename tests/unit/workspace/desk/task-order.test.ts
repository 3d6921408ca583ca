import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendAgain } from '../../../../src/main/workspace/sync/refused-changes.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  catchRefusal,
  openTestWorkspace,
  uuid,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
let seatId: string;
let engagementId: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  seatId = organization.owner.record.seatId;
  ({ engagementId } = organization);
});
afterEach(async () => {
  await workspace.close();
});

const listInOrder = async () =>
  (await workspace.ask('tasks.inOrder', { seatId, engagementId })).tasks.map(({ title }) => title);
const order = async (...moves: { taskId: string; afterTaskId: string | null }[]) =>
  workspace.ask('task.order', { seatId, engagementId, moves });

const depend = async (taskId: string, added: string[], removed: string[] = []) =>
  workspace.ask('task.setDependencies', { seatId, taskId, added, removed });
const listBefore = async (taskId: string) =>
  (await workspace.ask('task.place', { seatId, taskId })).before.map(({ title }) => title);

test('tasks are moved one by one, the intern sees the order, and a later task stands behind all', async () => {
  const [a, b, c] = [
    await assignTestTask(workspace, organization, { title: 'A' }),
    await assignTestTask(workspace, organization, { title: 'B' }),
    await assignTestTask(workspace, organization, { title: 'C' }),
  ];
  await order({ taskId: c, afterTaskId: null });
  expect(await listInOrder()).toEqual(['C', 'A', 'B']);
  await order({ taskId: a, afterTaskId: b }, { taskId: c, afterTaskId: b });
  expect(await listInOrder()).toEqual(['B', 'C', 'A']);
  await assignTestTask(workspace, organization, { title: 'D' });
  await depend(a, [b]);
  expect(await listInOrder()).toEqual(['B', 'C', 'A', 'D']);
  await carryRows(organization.owner, organization.intern);
  const { seatId: internSeatId } = organization.intern.record;
  expect(await workspace.ask('task.place', { seatId: internSeatId, taskId: a })).toMatchObject({
    place: 3,
    total: 4,
    before: [{ taskId: b, title: 'B', state: 'to_do' }],
    after: [],
  });
  expect(await workspace.ask('task.place', { seatId: internSeatId, taskId: b })).toMatchObject({
    place: 1,
    after: [{ taskId: a }],
  });
});

test('two managers who move different tasks both get what they wanted', async () => {
  const ids: string[] = [];
  for (const title of ['A', 'B', 'C', 'D'])
    ids.push(await assignTestTask(workspace, organization, { title }));
  const [a = '', b = '', , d = ''] = ids;
  // Each of them saw A, B, C, D.
  await order({ taskId: d, afterTaskId: a });
  await order({ taskId: b, afterTaskId: null });
  expect(await listInOrder()).toEqual(['B', 'A', 'D', 'C']);
});

test('what comes first is told by what is added and what is taken away; a task that is named in both comes first', async () => {
  const ids: string[] = [];
  for (const title of ['A', 'B', 'C', 'D'])
    ids.push(await assignTestTask(workspace, organization, { title }));
  const [a = '', b = '', c = '', d = ''] = ids;
  // Each of them saw none.
  await depend(d, [a]);
  await depend(d, [b, b]);
  expect(await listBefore(d)).toEqual(['A', 'B']);
  // Each of them saw A and B.
  await depend(d, [c], [a]);
  await depend(d, [], [a, uuid()]);
  expect(await listBefore(d)).toEqual(['B', 'C']);
  await depend(d, [a], [b]);
  await depend(d, [b], [b]);
  expect(await listBefore(d)).toEqual(['A', 'B', 'C']);
  const { dependsOnJson } = await organization.owner.db
    .selectFrom('tasks')
    .select('dependsOnJson')
    .where('id', '=', d)
    .executeTakeFirstOrThrow();
  await depend(d, [a, b], [uuid()]);
  expect(dependsOnJson).toBe(JSON.stringify([c, a, b]));
  await depend(d, [], [a, b, c]);
  expect(await listBefore(d)).toEqual([]);
});

test('a hundred tasks come before one at most, whoever added them, and fewer can always be made of them', async () => {
  const last = await assignTestTask(workspace, organization, { title: 'Last' });
  const { db, record } = organization.owner;
  const row = await db
    .selectFrom('tasks')
    .selectAll()
    .where('orgId', '=', record.orgId)
    .where('id', '=', last)
    .executeTakeFirstOrThrow();
  const ids = Array.from({ length: 101 }, () => uuid());
  await db
    .insertInto('tasks')
    .values(ids.map((id, index) => ({ ...row, id, title: `Task ${index}`, position: index + 2 })))
    .execute();
  await depend(last, ids.slice(0, 60));
  expect(await catchRefusal(depend(last, ids.slice(60)))).toMatchObject({
    code: 'conflict',
    field: 'dependsOn',
    message: 'at most 100 tasks can come before another; 60 do already',
  });
  await depend(last, ids.slice(60, 100));
  await depend(last, ids.slice(100), ids.slice(0, 1));
  expect(await listBefore(last)).toHaveLength(100);
});

test('SY-7 a move is noted as building on the task that it goes behind, which may be held back', async () => {
  const [a, b] = [
    await assignTestTask(workspace, organization, { title: 'A' }),
    await assignTestTask(workspace, organization, { title: 'B' }),
  ];
  await order({ taskId: a, afterTaskId: b });
  const touches = await organization.owner.db
    .selectFrom('outboxTouches')
    .innerJoin('outbox', 'outbox.id', 'outboxTouches.mutationId')
    .select('rowId')
    .where('name', '=', 'task.order')
    .where('tableName', '=', 'tasks')
    .execute();
  expect(touches.map(({ rowId }) => rowId)).toEqual(expect.arrayContaining([a, b]));
});

test('SY-7 what an older program said of them, and was refused, is sent again as it was', async () => {
  const [a, b] = [
    await assignTestTask(workspace, organization, { title: 'A' }),
    await assignTestTask(workspace, organization, { title: 'B' }),
  ];
  const { owner } = organization;
  const older = { taskId: b, dependsOn: [a] };
  const refusedId = await owner.mutate('task.setDependencies', older as never, {
    subject: 'B',
    version: 1,
  });
  await depend(b, [], [a]);
  await owner.db
    .updateTable('outboxStates')
    .set({ state: 'rejected' })
    .where('mutationId', '=', refusedId)
    .execute();
  const againId = await sendAgain(owner, refusedId, undefined);
  expect(await listBefore(b)).toEqual(['A']);
  const again = await owner.db
    .selectFrom('outbox')
    .select(['version', 'argsJson'])
    .where('id', '=', againId)
    .executeTakeFirst();
  expect(again).toEqual({ version: 1, argsJson: JSON.stringify({ dependsOn: [a], taskId: b }) });
});

test('of ten thousand tasks any is moved anywhere by a change of a few bytes', async () => {
  const first = await assignTestTask(workspace, organization, { title: 'Task 1' });
  const { db, record } = organization.owner;
  const row = await db
    .selectFrom('tasks')
    .selectAll()
    .where('orgId', '=', record.orgId)
    .where('id', '=', first)
    .executeTakeFirstOrThrow();
  const ids = [first, ...Array.from({ length: 9_999 }, () => uuid())];
  const rows = ids.map((id, index) => ({
    ...row,
    id,
    title: `Task ${index + 1}`,
    position: index + 1,
  }));
  for (let from = 1; from < rows.length; from += 500)
    await db
      .insertInto('tasks')
      .values(rows.slice(from, from + 500))
      .execute();
  const move = async (from: number, to: number) => {
    const before = (await workspace.ask('tasks.inOrder', { seatId, engagementId })).tasks;
    const taskId = before[from]?.taskId ?? '';
    const expected = before.toSpliced(from, 1);
    const afterTaskId = to === 0 ? null : (expected[to - 1]?.taskId ?? '');
    await order({ taskId, afterTaskId });
    const after = (await workspace.ask('tasks.inOrder', { seatId, engagementId })).tasks;
    expect(after[to]?.taskId).toBe(taskId);
    expect(after.toSpliced(to, 1)).toEqual(expected);
  };
  await move(9_999, 0);
  await move(1, 9_999);
  await move(9_998, 4_200);
  await move(2_500, 7_300);
  const sent = await db
    .selectFrom('outbox')
    .select('argsJson')
    .where('name', '=', 'task.order')
    .execute();
  expect(sent).toHaveLength(4);
  for (const { argsJson } of sent) expect(argsJson.length).toBeLessThan(200);
  const replaced = await db
    .selectFrom('undo')
    .select('rowId')
    .where('rowId', 'in', ids.slice(1))
    .execute();
  expect(replaced.length).toBeLessThanOrEqual(8);
});
