import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadOverview } from '../../../../src/main/workspace/overview/load-overview.ts';
import { computeWaiting, type Turn } from '../../../../src/main/workspace/overview/waiting.ts';
import { loadEngagements } from '../../../../src/main/workspace/work/engagements.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(workspace);
});
afterEach(() => workspace.close());

async function load() {
  const [row] = await loadOverview(organization.owner, workspace.machine.now);
  if (row === undefined) throw new Error('there is no engagement');
  return row;
}

async function handIn(taskId: string): Promise<string> {
  const seatId = organization.intern.record.seatId;
  await workspace.ask('draft.writeNote', { seatId, taskId, note: 'Done.' });
  const { submissionId } = await workspace.ask('submission.create', { seatId, taskId });
  await carryRows(organization.intern, organization.owner);
  return submissionId;
}

test('whose turn it is goes from the intern to the employer and back, with the moment since when', async () => {
  expect((await load()).waiting).toBeNull();
  const taskId = await assignTestTask(workspace, organization);
  const assignedAt = workspace.machine.now;
  expect(await load()).toMatchObject({
    taskCount: 1,
    acceptedCount: 0,
    nextDue: '2026-03-10T16:00:00.000Z',
    waiting: { forWhom: 'intern', reason: 'tasks', since: assignedAt, count: 1 },
  });
  await workspace.run(3_600_000);
  const handedInAt = workspace.machine.now;
  const submissionId = await handIn(taskId);
  expect((await load()).waiting).toEqual({
    forWhom: 'employer',
    reason: 'review',
    since: handedInAt,
    count: 1,
  });
  await workspace.run(3_600_000);
  const seatId = organization.owner.record.seatId;
  const { manifestHash, brief } = await workspace.ask('submission.get', { seatId, submissionId });
  await workspace.ask('review.decide', {
    seatId,
    submissionId,
    manifestHash,
    decision: 'changes_requested',
    comment: 'More.',
    comments: [
      {
        kind: 'change',
        criterionId: brief.criteria[0]?.id ?? null,
        attachmentId: null,
        text: 'More.',
      },
    ],
  });
  expect((await load()).waiting).toEqual({
    forWhom: 'intern',
    reason: 'changes',
    since: workspace.machine.now,
    count: 1,
  });
});

test('on time counts first revisions by the verdict that counts; an open task past its deadline is overdue', async () => {
  const tasks = [
    await assignTestTask(workspace, organization, { title: 'One' }),
    await assignTestTask(workspace, organization, { title: 'Two' }),
    await assignTestTask(workspace, organization, { title: 'Three' }),
  ];
  const onTime = await handIn(tasks[0] ?? '');
  const unclear = await handIn(tasks[1] ?? '');
  for (const [id, verdict] of [
    [onTime, 'on_time'],
    [unclear, 'clock_inconsistent'],
  ] as const)
    await organization.owner.db
      .updateTable('submissions')
      .set({ verdict })
      .where('id', '=', id)
      .execute();
  expect(await load()).toMatchObject({ judgedCount: 1, onTimeCount: 1, overdueCount: 0 });
  await organization.owner.db
    .updateTable('submissions')
    .set({ decidedVerdict: 'late' })
    .where('verdict', '=', 'clock_inconsistent')
    .execute();
  await workspace.run(9 * 24 * 3_600_000);
  expect(await load()).toMatchObject({ judgedCount: 2, onTimeCount: 1, overdueCount: 1 });
  const { seatId } = organization.owner.record;
  const findLate = async () => {
    const { items } = await workspace.ask('tasks.list', { seatId });
    return items.find(({ taskId }) => taskId === tasks[2]);
  };
  expect(await findLate()).toMatchObject({ isOverdue: true, isEngagementOver: false });
  // Once the engagement has ended, nobody can be late with it any more.
  const { engagementId } = organization;
  await workspace.ask('engagement.complete', { seatId, engagementId });
  expect(await load()).toMatchObject({ judgedCount: 2, overdueCount: 0, nextDue: null });
  expect(await findLate()).toMatchObject({ isOverdue: false, isEngagementOver: true });
});

test('hours are the sum and what they cover, as everywhere else', async () => {
  const taskId = await assignTestTask(workspace, organization);
  const seatId = organization.intern.record.seatId;
  const add = (startedAt: string, endedAt: string) =>
    workspace.ask('hours.add', {
      seatId,
      taskId,
      startedAt: `2026-03-01T${startedAt}:00.000Z`,
      endedAt: `2026-03-01T${endedAt}:00.000Z`,
    });
  await add('08:00', '12:00');
  await add('09:00', '10:00');
  await add('11:30', '12:30');
  await add('14:00', '14:30');
  await carryRows(organization.intern, organization.owner);
  const { budget } = await load();
  const [engagement] = await loadEngagements(organization.owner, {});
  expect(budget).toEqual(engagement?.budget);
  expect(budget).toMatchObject({ workedSeconds: 6.5 * 3600, coveredSeconds: 5 * 3600 });
});

test('the employer’s turn comes before the intern’s, the oldest of each first', () => {
  const turn = (forWhom: Turn['forWhom'], reason: Turn['reason'], since: string): Turn => ({
    engagementId: 'e',
    forWhom,
    reason,
    since,
  });
  expect(computeWaiting([])).toBeNull();
  expect(
    computeWaiting([
      turn('intern', 'tasks', '2026-01-01'),
      turn('employer', 'timesheet', '2026-02-02'),
      turn('employer', 'review', '2026-02-01'),
      turn('employer', 'review', '2026-02-03'),
    ]),
  ).toEqual({ forWhom: 'employer', reason: 'review', since: '2026-02-01', count: 2 });
});

test('an amendment that was open when its engagement ended waits for nobody', async () => {
  const { owner, intern, engagementId } = organization;
  await workspace.ask('amendment.propose', {
    seatId: intern.record.seatId,
    engagementId,
    taskId: null,
    reason: 'It takes longer.',
    changes: { endsOn: '2026-12-31' },
  });
  await carryRows(intern, owner);
  expect((await load()).waiting).toMatchObject({ forWhom: 'employer', reason: 'amendment' });
  await workspace.ask('engagement.complete', { seatId: owner.record.seatId, engagementId });
  expect(await workspace.ask('amendment.list', { seatId: owner.record.seatId })).toMatchObject([
    { state: 'lapsed' },
  ]);
  expect((await load()).waiting).toBeNull();
});

test('the first rows are those of the whole answer, without what is over', async () => {
  await handIn(await assignTestTask(workspace, organization, { title: 'One' }));
  await assignTestTask(workspace, organization, { title: 'Two' });
  const all = await loadOverview(organization.owner, workspace.machine.now);
  const underWay = all.filter(({ status }) => status === 'active' || status === 'invited');
  expect(underWay.length).toBeGreaterThan(0);
  for (const count of [1, 50])
    expect(await loadOverview(organization.owner, workspace.machine.now, count)).toEqual(
      underWay.slice(0, count),
    );
  const [row] = underWay;
  await organization.owner.db
    .updateTable('engagements')
    .set({ status: 'completed' })
    .where('id', '=', row?.engagementId ?? '')
    .execute();
  expect(await loadOverview(organization.owner, workspace.machine.now, 50)).toEqual(
    underWay.slice(1),
  );
});
