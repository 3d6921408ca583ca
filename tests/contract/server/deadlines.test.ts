import { expect, test } from 'vitest';
import {
  assign,
  createClockSetting,
  handIn,
  hold,
  instantAt,
  minuteMs,
  wallAt,
} from '../../support/server/clock-setting.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { createId } from '../../support/server/test-ids.ts';
import { testProjectTerms, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

test('SY-19 a deadline that moved after what the device was shown counts as it could be seen', async () => {
  const setting = await createClockSetting();
  const { orgId, owner, intern, time } = setting;
  const task = await assign(setting, wallAt(12));
  const { anchor, head } = await intern.pull(orgId);
  await owner.apply(orgId, [
    'task.moveDeadline',
    {
      taskId: task.taskId,
      deadlineId: createId(),
      deadline: { wall: wallAt(10), zone: 'Europe/Berlin' },
    },
  ]);
  time.advance(150 * minuteMs);
  expect(
    await handIn(setting, task, {
      claimedAt: instantAt(11, 29),
      baseSeq: head.seq,
      anchor: hold(anchor),
    }),
  ).toMatchObject({
    verdict: 'on_time',
    marks: ['deadline_moved_unseen'],
    inputs: { deadline: instantAt(12), isSeenDeadline: true },
  });
});

test('SY-19 who was shown the new deadline cannot say that they saw the old one', async () => {
  const setting = await createClockSetting();
  const { orgId, owner, intern, time } = setting;
  const task = await assign(setting, wallAt(12));
  const before = await intern.pull(orgId);
  await owner.apply(orgId, [
    'task.moveDeadline',
    {
      taskId: task.taskId,
      deadlineId: createId(),
      deadline: { wall: wallAt(10), zone: 'Europe/Berlin' },
    },
  ]);
  const { anchor } = await intern.pull(orgId);
  time.advance(150 * minuteMs);
  const forged = { claimedAt: instantAt(11, 29), baseSeq: before.head.seq };
  expect(await handIn(setting, task, { ...forged, anchor: hold(anchor) })).toMatchObject({
    verdict: 'late',
    marks: [],
    inputs: { deadline: instantAt(10), isSeenDeadline: false },
  });
  // Without an anchor it remains the device's word.
  expect(await handIn(setting, task, { ...forged, anchor: null })).toMatchObject({
    verdict: 'on_time',
    marks: ['deadline_moved_unseen'],
  });
});

test('SY-19 numbers that this server has not reached, since it lost them, say nothing of what was seen', async () => {
  const setting = await createClockSetting();
  const { orgId, owner, intern, time } = setting;
  const task = await assign(setting, wallAt(12));
  await owner.apply(orgId, [
    'task.moveDeadline',
    {
      taskId: task.taskId,
      deadlineId: createId(),
      deadline: { wall: wallAt(10), zone: 'Europe/Berlin' },
    },
  ]);
  const { head } = await intern.pull(orgId);
  time.advance(150 * minuteMs);
  const claimedAt = instantAt(11, 29);
  expect(await handIn(setting, task, { claimedAt, baseSeq: head.seq + 1000 })).toMatchObject({
    verdict: 'on_time',
    marks: ['deadline_moved_unseen'],
  });
  expect(await handIn(setting, task, { claimedAt, baseSeq: head.seq })).toMatchObject({
    verdict: 'late',
  });
});

test('SY-19 a number of a lost history that the restored server has counted past says nothing of what was seen', async () => {
  const time = createHeldTime();
  const first = await startTestServer({ ports: { clock: time.clock } });
  const organization = await TestOrganization.create(first.url);
  const { device, engagementId } = await organization.addIntern();
  const { orgId } = organization;
  const task = await organization.assignTask(engagementId, {
    deadline: { wall: wallAt(12), zone: 'Europe/Berlin' },
  });
  const restore = await first.keepCopy();
  const again = await first.restart();
  const owner = organization.owner.moveTo(again.url);
  const intern = device.moveTo(again.url);
  const createProject = (title: string) =>
    owner.createMutation('project.create', {
      projectId: createId(),
      terms: { ...testProjectTerms, title },
    });
  // What the server loses: ten changes that have nothing to do with the task. The intern sees them, and goes offline.
  for (let count = 0; count < 10; count += 1) await owner.push(orgId, [createProject('lost')]);
  const seen = await intern.pull(orgId);

  const server = await restore();
  const restoredOwner = owner.moveTo(server.url);
  const restoredIntern = intern.moveTo(server.url);
  // Only now, as the intern is away, the deadline is moved; and the numbers go on beyond what the intern had seen.
  time.advance(10 * minuteMs);
  await restoredOwner.apply(orgId, [
    'task.moveDeadline',
    {
      taskId: task.taskId,
      deadlineId: createId(),
      deadline: { wall: wallAt(10), zone: 'Europe/Berlin' },
    },
  ]);
  for (let count = 0; count < 20; count += 1)
    await restoredOwner.push(orgId, [createProject('since')]);
  const back = await restoredIntern.pull(orgId);
  time.advance(140 * minuteMs);
  const setting = {
    url: server.url,
    time,
    organization,
    orgId,
    owner: restoredOwner,
    intern: restoredIntern,
    engagementId,
  };
  expect(
    await handIn(setting, task, {
      claimedAt: instantAt(11, 29),
      baseSeq: seen.head.seq,
      anchor: hold(seen.anchor),
    }),
  ).toMatchObject({
    verdict: 'on_time',
    marks: ['deadline_moved_unseen'],
    inputs: { deadline: instantAt(12), isSeenDeadline: true },
  });
  const shown = { claimedAt: instantAt(11, 29), baseSeq: seen.head.seq, anchor: hold(back.anchor) };
  expect(await handIn(setting, task, shown)).toMatchObject({ verdict: 'late', marks: [] });
});

test('SY-19 who was shown that a deadline moved cannot say that they saw the first one, though it moved again unseen', async () => {
  const setting = await createClockSetting();
  const { orgId, owner, intern, time } = setting;
  const task = await assign(setting, wallAt(12));
  const move = (hour: number) =>
    owner.apply(orgId, [
      'task.moveDeadline',
      {
        taskId: task.taskId,
        deadlineId: createId(),
        deadline: { wall: wallAt(hour), zone: 'Europe/Berlin' },
      },
    ]);
  await move(10);
  time.advance(minuteMs);
  const { anchor, head } = await intern.pull(orgId);
  time.advance(minuteMs);
  await move(11);
  time.advance(148 * minuteMs);
  const held = { claimedAt: instantAt(10, 59), baseSeq: head.seq, anchor: hold(anchor) };
  expect(await handIn(setting, task, held)).toMatchObject({
    marks: [],
    inputs: { deadline: instantAt(11), isSeenDeadline: false },
  });
});

test('SY-19 a deadline that moved back unseen is the later one, and counts', async () => {
  const setting = await createClockSetting();
  const { orgId, owner, intern, time } = setting;
  const task = await assign(setting, wallAt(10));
  const { head } = await intern.pull(orgId);
  await owner.apply(orgId, [
    'task.moveDeadline',
    {
      taskId: task.taskId,
      deadlineId: createId(),
      deadline: { wall: wallAt(12), zone: 'Europe/Berlin' },
    },
  ]);
  time.advance(150 * minuteMs);
  expect(
    await handIn(setting, task, { claimedAt: instantAt(11, 29), baseSeq: head.seq }),
  ).toMatchObject({
    verdict: 'on_time',
    marks: [],
    inputs: { deadline: instantAt(12), isSeenDeadline: false },
  });
});

test('SY-19 of a deadline that moved twice unseen, the one that could be seen counts, not the one in between', async () => {
  const setting = await createClockSetting();
  const { orgId, owner, intern, time } = setting;
  const task = await assign(setting, wallAt(12));
  const { head, anchor } = await intern.pull(orgId);
  for (const wall of [wallAt(15), wallAt(10)])
    await owner.apply(orgId, [
      'task.moveDeadline',
      {
        taskId: task.taskId,
        deadlineId: createId(),
        deadline: { wall, zone: 'Europe/Berlin' },
      },
    ]);
  time.advance(150 * minuteMs);
  const seen = { baseSeq: head.seq, anchor: hold(anchor) };
  expect(await handIn(setting, task, { claimedAt: instantAt(11, 29), ...seen })).toMatchObject({
    verdict: 'on_time',
    inputs: { deadline: instantAt(12) },
  });
  time.advance(60 * minuteMs);
  expect(await handIn(setting, task, { claimedAt: instantAt(12, 29), ...seen })).toMatchObject({
    verdict: 'late',
    inputs: { deadline: instantAt(12) },
  });
});

test('SY-19 extra time is added in wall time to the deadline that could be seen, too', async () => {
  const setting = await createClockSetting();
  const { orgId, owner, intern } = setting;
  // Extended by a day across the spring change of clocks, 29 March 2026 in Berlin.
  const task = await setting.organization.assignTask(setting.engagementId, {
    deadline: { wall: '2026-03-28T17:00', zone: 'Europe/Berlin' },
  });
  const { head } = await intern.pull(orgId);
  await owner.apply(
    orgId,
    [
      'task.extend',
      { extensionId: createId(), taskId: task.taskId, days: 1, minutes: 0, reason: '' },
    ],
    [
      'task.moveDeadline',
      {
        taskId: task.taskId,
        deadlineId: createId(),
        deadline: { wall: '2026-03-02T09:00', zone: 'Europe/Berlin' },
      },
    ],
  );
  const { inputs } = await handIn(setting, task, {
    claimedAt: instantAt(9),
    baseSeq: head.seq,
  });
  expect(inputs.deadline).toBe('2026-03-29T15:00:00.000Z');
});
