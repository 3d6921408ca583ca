import { afterEach, beforeEach, expect, test } from 'vitest';
import { computeEpochMs } from '../../../../src/shared/ports.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  catchRefusal,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
let employer: string;
let intern: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  employer = organization.owner.record.seatId;
  intern = organization.intern.record.seatId;
});
afterEach(async () => {
  await workspace.close();
});

const toEmployer = async () => carryRows(organization.intern, organization.owner);
const toIntern = async () => carryRows(organization.owner, organization.intern);

async function handIn(taskId: string, note: string) {
  await workspace.ask('draft.writeNote', { seatId: intern, taskId, note });
  const { submissionId } = await workspace.ask('submission.create', { seatId: intern, taskId });
  await toEmployer();
  return workspace.ask('submission.get', { seatId: employer, submissionId });
}

test('a change names a criterion of the brief, and keeps its place in the text', async () => {
  const taskId = await assignTestTask(workspace, organization);
  const { submissionId, manifestHash, brief } = await handIn(taskId, 'x');
  const ask = (criterionId: string | null) =>
    workspace.ask('review.decide', {
      seatId: employer,
      submissionId,
      manifestHash,
      decision: 'changes_requested',
      comment: '',
      comments: [{ kind: 'change', criterionId, attachmentId: null, text: 'Only four.' }],
    });
  expect(await catchRefusal(ask(null))).toMatchObject({
    code: 'invalid_input',
    field: 'comments.0.criterionId',
  });
  expect(await catchRefusal(ask('019d0000-0000-7000-8000-000000000000'))).toMatchObject({
    code: 'invalid_input',
  });
  await ask(brief.criteria[0]?.id ?? null);
  await toIntern();
  const { reviews } = await workspace.ask('submission.get', { seatId: intern, submissionId });
  expect(reviews[0]?.comments).toMatchObject([{ kind: 'change', selectors: [] }]);
});

test('work that answered a brief without criteria is measured by its instructions, also after some were added', async () => {
  const taskId = await assignTestTask(workspace, organization, { criteria: [] });
  const { submissionId, manifestHash } = await handIn(taskId, 'x');
  await workspace.ask('task.reviseBrief', {
    seatId: employer,
    taskId,
    instructions: 'Ask about **oat milk**.',
    criteria: [{ text: 'Sources are named' }],
  });
  const current = await workspace.ask('task.get', { seatId: employer, taskId });
  const change = { kind: 'change' as const, attachmentId: null };
  await workspace.ask('review.decide', {
    seatId: employer,
    submissionId,
    manifestHash,
    decision: 'changes_requested',
    comment: '',
    comments: [
      { ...change, criterionId: null, text: 'Ask two more.' },
      { ...change, criterionId: current.brief.criteria[0]?.id ?? null, text: 'Name them.' },
    ],
  });
  const { reviews } = await workspace.ask('submission.get', { seatId: employer, submissionId });
  expect(reviews).toMatchObject([{ decision: 'changes_requested', comments: [{}, {}] }]);
});

test('the queue is in the order of promise and age, and the intern sees the promise', async () => {
  const first = await handIn(await assignTestTask(workspace, organization, { title: 'A' }), 'a');
  await workspace.run(60_000);
  const second = await handIn(await assignTestTask(workspace, organization, { title: 'B' }), 'b');
  const order = async () =>
    (await workspace.ask('review.queue', { seatId: employer })).waiting.map(
      ({ submission }) => submission.submissionId,
    );
  expect(await order()).toEqual([first.submissionId, second.submissionId]);
  await workspace.ask('review.promise', {
    seatId: employer,
    submissionId: second.submissionId,
    answerBy: { wall: '2026-03-03T18:00', zone: 'Europe/Berlin' },
  });
  expect(await order()).toEqual([second.submissionId, first.submissionId]);
  await toIntern();
  const seen = await workspace.ask('submission.get', {
    seatId: intern,
    submissionId: second.submissionId,
  });
  expect(seen.answerBy).toMatchObject({
    instant: '2026-03-03T17:00:00.000Z',
    byName: 'Olga Weber',
  });
});

test('who is at a submission is told for a quarter of an hour, and until they leave', async () => {
  const { submissionId } = await handIn(await assignTestTask(workspace, organization), 'x');
  const find = async () =>
    (await workspace.ask('review.queue', { seatId: employer })).waiting[0]?.reviewer ?? null;
  await workspace.ask('review.claim', { seatId: employer, submissionId });
  const reviewer = await find();
  expect(reviewer).toMatchObject({ isSelf: true });
  const now = computeEpochMs('2026-03-02T09:00:00.000Z');
  expect(computeEpochMs(reviewer?.until ?? '') - now).toBe(15 * 60_000);
  await workspace.ask('review.release', { seatId: employer, submissionId });
  expect(await find()).toBeNull();
  await workspace.run(1_000);
  await workspace.ask('review.claim', { seatId: employer, submissionId });
  await workspace.run(16 * 60_000);
  expect(await find()).toBeNull();
});

test('a question is answered, and the answer becomes part of the brief once', async () => {
  const taskId = await assignTestTask(workspace, organization);
  const { questionId } = await workspace.ask('question.ask', {
    seatId: intern,
    taskId,
    text: 'Which city?',
  });
  await toEmployer();
  expect((await workspace.ask('asked.list', { seatId: employer })).questions).toHaveLength(1);
  const { answerId } = await workspace.ask('question.answer', {
    seatId: employer,
    questionId,
    text: 'Porto.',
  });
  expect((await workspace.ask('asked.list', { seatId: employer })).questions).toEqual([]);
  await workspace.ask('question.quoteInBrief', { seatId: employer, answerId });
  await workspace.ask('question.quoteInBrief', { seatId: employer, answerId });
  await toIntern();
  const seen = await workspace.ask('task.get', { seatId: intern, taskId });
  expect(seen.brief.version).toBe(2);
  expect(seen.brief.instructions).toMatch(
    /## Questions and answers\n\n> Which city\?\n\nPorto\.\n$/u,
  );
  expect(seen.questions[0]?.answers).toMatchObject([{ text: 'Porto.', inBriefVersion: 2 }]);
});

test('time that is asked for moves the deadline when it is granted, once', async () => {
  const taskId = await assignTestTask(workspace, organization);
  const before = (await workspace.ask('task.get', { seatId: intern, taskId })).item.due.wall;
  const { requestId } = await workspace.ask('extension.request', {
    seatId: intern,
    taskId,
    days: 2,
    minutes: 0,
    reason: 'The shops are closed.',
    isForBrief: true,
  });
  await toEmployer();
  await workspace.ask('extension.grant', { seatId: employer, requestId, days: 1, minutes: 0 });
  const late = workspace.ask('extension.decline', { seatId: employer, requestId, reason: 'No.' });
  expect(await catchRefusal(late)).toMatchObject({ code: 'conflict' });
  await toIntern();
  const { item, extensionRequests } = await workspace.ask('task.get', { seatId: intern, taskId });
  expect(extensionRequests).toMatchObject([
    { state: 'granted', granted: { days: 1, minutes: 0 }, briefVersion: 1 },
  ]);
  expect(item.due.isExtended).toBe(true);
  expect(item.due.wall > before).toBe(true);
});

test('a task waits for another until that is accepted, is handed in all the same, and never for itself', async () => {
  const before = await assignTestTask(workspace, organization, { title: 'Before' });
  const after = await assignTestTask(workspace, organization, { title: 'After' });
  await workspace.ask('task.setDependencies', {
    seatId: employer,
    taskId: after,
    added: [before],
    removed: [],
  });
  const ring = workspace.ask('task.setDependencies', {
    seatId: employer,
    taskId: before,
    added: [after],
    removed: [],
  });
  expect(await catchRefusal(ring)).toMatchObject({ code: 'conflict', field: 'dependsOn' });
  await toIntern();
  const waits = async () =>
    (await workspace.ask('task.get', { seatId: intern, taskId: after })).item.waitsFor;
  expect(await waits()).toEqual([{ taskId: before, title: 'Before' }]);
  await handIn(after, 'early');
  const { submissionId, manifestHash } = await handIn(before, 'done');
  await workspace.ask('review.decide', {
    seatId: employer,
    submissionId,
    manifestHash,
    decision: 'accepted',
    comment: '',
    comments: [],
  });
  await toIntern();
  expect(await waits()).toEqual([]);
});

test('phrases are kept for all managers, and are not an intern’s', async () => {
  const { phraseId } = await workspace.ask('phrase.save', { seatId: employer, text: 'Well done.' });
  await workspace.ask('phrase.save', { seatId: employer, phraseId, text: 'Very well done.' });
  expect(await workspace.ask('phrase.list', { seatId: employer })).toMatchObject([
    { phraseId, text: 'Very well done.' },
  ]);
  const refusal = await catchRefusal(workspace.ask('phrase.save', { seatId: intern, text: 'x' }));
  expect(refusal.code).toBe('forbidden');
  await workspace.ask('phrase.remove', { seatId: employer, phraseId });
  expect(await workspace.ask('phrase.list', { seatId: employer })).toEqual([]);
});
