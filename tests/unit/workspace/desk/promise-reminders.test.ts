import { afterEach, beforeEach, expect, test } from 'vitest';
import { PromiseReminders } from '../../../../src/main/workspace/desk/promise-reminders.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let workspace: TestWorkspace;
let organization: TestOrganization;
let reminders: PromiseReminders;
let seatId: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  seatId = organization.owner.record.seatId;
  const { seats, ports } = workspace.workspace;
  reminders = new PromiseReminders(seats, ports);
});
afterEach(async () => {
  await reminders.stop();
  await workspace.close();
});

const handIn = async (title: string) =>
  handInFor(await assignTestTask(workspace, organization, { title }));

async function handInFor(taskId: string, note = 'x') {
  const intern = organization.intern.record.seatId;
  await workspace.ask('draft.writeNote', { seatId: intern, taskId, note });
  const { submissionId } = await workspace.ask('submission.create', { seatId: intern, taskId });
  await carryRows(organization.intern, organization.owner);
  return workspace.ask('submission.get', { seatId, submissionId });
}

const promise = async (submissionId: string, wall: string) => {
  await workspace.ask('review.promise', {
    seatId,
    submissionId,
    answerBy: { wall, zone: 'Europe/Berlin' },
  });
  await carryRows(organization.owner, organization.intern);
  reminders.note();
};

const listReminders = () =>
  workspace.events.flatMap((event) =>
    event.type === 'arrived' && event.kind === 'reminder' ? [event.title] : [],
  );

test('whoever promised an answer is reminded once, four hours before it is due', async () => {
  const { submissionId } = await handIn('Six shops');
  // 16:00 in UTC; it is nine on the day before.
  await promise(submissionId, '2026-03-03T17:00');
  await workspace.run(27 * hourMs - minuteMs);
  expect(listReminders()).toEqual([]);
  await workspace.run(2 * minuteMs);
  expect(listReminders()).toEqual(['Your answer is due soon: Six shops']);
  await workspace.run(24 * hourMs);
  expect(listReminders()).toHaveLength(1);
});

test('what was promised for soon is called to mind half-way, and what was answered not at all', async () => {
  const soon = await handIn('Soon');
  const answered = await handIn('Answered');
  await promise(soon.submissionId, '2026-03-02T12:00');
  await promise(answered.submissionId, '2026-03-02T12:00');
  await workspace.ask('review.decide', {
    seatId,
    submissionId: answered.submissionId,
    manifestHash: answered.manifestHash,
    decision: 'accepted',
    comment: '',
    comments: [],
  });
  await workspace.run(59 * minuteMs);
  expect(listReminders()).toEqual([]);
  await workspace.run(2 * minuteMs);
  expect(listReminders()).toEqual(['Your answer is due soon: Soon']);
});

test('a promise on a revision whose next one was answered is not called to mind', async () => {
  const first = await handIn('Six shops');
  await promise(first.submissionId, '2026-03-03T17:00');
  const { submissionId, manifestHash } = await handInFor(first.taskId, 'y');
  await workspace.ask('review.decide', {
    seatId,
    submissionId,
    manifestHash,
    decision: 'accepted',
    comment: '',
    comments: [],
  });
  await workspace.run(48 * hourMs);
  expect(listReminders()).toEqual([]);
});

test('a promise on a revision whose next one was not answered either is called to mind', async () => {
  const first = await handIn('Six shops');
  await promise(first.submissionId, '2026-03-03T17:00');
  await handInFor(first.taskId, 'y');
  await workspace.run(48 * hourMs);
  expect(listReminders()).toEqual(['Your answer is due soon: Six shops']);
});

test('a promise that was put off is called to mind again', async () => {
  const { submissionId } = await handIn('Six shops');
  await promise(submissionId, '2026-03-02T11:00');
  await workspace.run(2 * hourMs);
  expect(listReminders()).toHaveLength(1);
  await promise(submissionId, '2026-03-03T17:00');
  await workspace.run(20 * hourMs);
  expect(listReminders()).toHaveLength(1);
  await workspace.run(8 * hourMs);
  expect(listReminders()).toHaveLength(2);
});

test('a promise that was put off, and then given again as it was, is called to mind again', async () => {
  const { submissionId } = await handIn('Six shops');
  await promise(submissionId, '2026-03-02T17:00');
  await workspace.run(4 * hourMs);
  expect(listReminders()).toHaveLength(1);
  await promise(submissionId, '2026-03-03T17:00');
  await workspace.run(minuteMs);
  await promise(submissionId, '2026-03-02T17:00');
  await workspace.run(2 * hourMs);
  expect(listReminders()).toHaveLength(2);
  await workspace.run(24 * hourMs);
  expect(listReminders()).toHaveLength(2);
});

test('the program that is started anew keeps still of what it has called to mind', async () => {
  const { submissionId } = await handIn('Six shops');
  await promise(submissionId, '2026-03-02T11:00');
  await workspace.run(hourMs);
  expect(listReminders()).toHaveLength(1);
  await reminders.stop();
  const { seats, ports } = workspace.workspace;
  reminders = new PromiseReminders(seats, ports);
  reminders.note();
  await workspace.run(24 * hourMs);
  expect(listReminders()).toHaveLength(1);
});
