import { verify, createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { receiptStatementSchema } from '../../../src/shared/domain/receipt.ts';
import {
  type HeldAnchor,
  type TimeAnchor,
  timeAnchorStatementSchema,
} from '../../../src/shared/domain/time-anchor.ts';
import { type VerdictInputs, verdictInputsSchema } from '../../../src/shared/domain/verdict.ts';
import { pullPageRows } from '../../../src/shared/protocol/version.ts';
import { createHeldTime, type HeldTime } from '../../support/server/held-ports.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { createId } from '../../support/server/test-ids.ts';
import {
  createSubmissionArgs,
  TestOrganization,
  testProjectTerms,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const minuteMs = 60_000;

/** 1 March 2026, in the winter of Berlin: one hour ahead of UTC. */
const wallAt = (utcHour: number, minute = 0) =>
  `2026-03-01T${String(utcHour + 1).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
const instantAt = (utcHour: number, minute = 0) =>
  `2026-03-01T${String(utcHour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`;

interface Setting {
  readonly url: string;
  readonly time: HeldTime;
  readonly organization: TestOrganization;
  readonly orgId: string;
  readonly owner: TestDevice;
  readonly intern: TestDevice;
  readonly engagementId: string;
}

/** A server whose clock stands at 09:00 UTC until a test moves it, and a project with an hour of grace. */
async function createSetting(): Promise<Setting> {
  const time = createHeldTime();
  const { url } = await startTestServer({ ports: { clock: time.clock } });
  const organization = await TestOrganization.create(url);
  const { device: intern, engagementId } = await organization.addIntern();
  const { orgId, owner } = organization;
  return { url, time, organization, orgId, owner, intern, engagementId };
}

const assign = ({ organization, engagementId }: Setting, wall: string) =>
  organization.assignTask(engagementId, { deadline: { wall, zone: 'Europe/Berlin' } });

function hold(
  anchor: TimeAnchor | null,
  changes: { elapsedMs?: number | null; heldSince?: string | null } = {},
): HeldAnchor {
  if (anchor === null) throw new Error('the server answered without an anchor');
  return { ...anchor, elapsedMs: null, heldSince: null, ...changes };
}

const readStatement = (anchor: TimeAnchor | null): z.infer<typeof timeAnchorStatementSchema> =>
  timeAnchorStatementSchema.parse(JSON.parse(anchor?.statementJson ?? 'null'));

interface Judged {
  readonly verdict: unknown;
  readonly marks: unknown;
  readonly inputs: VerdictInputs;
}

/** Hands a task in as the device says, and answers what the server made of it. */
async function handIn(
  { orgId, owner, intern }: Setting,
  task: Parameters<typeof createSubmissionArgs>[0],
  mutation: { claimedAt: string; baseSeq?: number; anchor?: HeldAnchor | null },
  device: TestDevice = intern,
): Promise<Judged & { submissionId: string }> {
  const args = createSubmissionArgs(task, { note: createId() });
  const { results } = await device.push(orgId, [
    device.createMutation('submission.create', args, mutation),
  ]);
  expect(results).toMatchObject([{ status: 'applied' }]);
  return {
    submissionId: args.submissionId,
    ...(await readJudged(owner, orgId, args.submissionId)),
  };
}

async function readJudged(
  device: TestDevice,
  orgId: string,
  submissionId: string,
): Promise<Judged> {
  const rows = await device.list(orgId, 'submissions');
  const row = rows.find(({ id }) => id === submissionId);
  return {
    verdict: row?.['verdict'],
    marks: JSON.parse(String(row?.['marksJson'])),
    inputs: verdictInputsSchema.parse(JSON.parse(String(row?.['verdictInputsJson']))),
  };
}

test('SY-17 every answer to a push or pull carries the server’s time, signed for this device', async () => {
  const setting = await createSetting();
  const { orgId, intern, owner, time } = setting;
  const [home] = await intern.list(orgId, 'organizations');
  const key = createPublicKey({
    key: Buffer.from(String(home?.['receiptPublicKey']), 'base64'),
    type: 'spki',
    format: 'der',
  });
  time.advance(5 * minuteMs);
  const pulled = await intern.pull(orgId);
  const pushed = await owner.push(orgId, [
    owner.createMutation('project.create', {
      projectId: createId(),
      terms: testProjectTerms,
    }),
  ]);
  for (const [anchor, device, seq] of [
    [pulled.anchor, intern, pulled.head.seq],
    [pushed.anchor, owner, 0],
  ] as const) {
    const statement = readStatement(anchor);
    expect(statement).toEqual({
      format: 'stint-anchor-1',
      orgId,
      deviceId: device.deviceId,
      at: instantAt(9, 5),
      seq,
    });
    expect(anchor?.statementJson).toBe(computeCanonicalJson(statement));
    expect(anchor?.keyId).toBe(home?.['receiptKeyId']);
    const signature = Buffer.from(anchor?.signature ?? '', 'base64');
    expect(verify(null, Buffer.from(anchor?.statementJson ?? ''), key, signature)).toBe(true);
  }
});

test('SY-17 an answer that does not bring the device to a head states no number', async () => {
  const setting = await createSetting();
  const { orgId, owner } = setting;
  // More rows than one page holds.
  for (let count = 0; count < pullPageRows + 200; count += 450)
    await owner.push(
      orgId,
      Array.from({ length: 450 }, () =>
        owner.createMutation('project.create', { projectId: createId(), terms: testProjectTerms }),
      ),
    );
  const first = await owner.pull(orgId);
  expect(first.complete).toBe(false);
  expect(readStatement(first.anchor).seq).toBe(0);
  const second = await owner.pull(orgId, { scopes: first.scopes, head: null });
  expect(second.complete).toBe(true);
  expect(readStatement(second.anchor).seq).toBe(second.head.seq);
}, 120_000);

test('SY-18 an anchor that agrees with the claim lets it stand, and is kept with the verdict', async () => {
  const setting = await createSetting();
  const { orgId, intern, time } = setting;
  const task = await assign(setting, wallAt(10));
  const { anchor, head } = await intern.pull(orgId);
  time.advance(80 * minuteMs);
  const { verdict, inputs } = await handIn(setting, task, {
    claimedAt: instantAt(9, 51),
    anchor: hold(anchor, { elapsedMs: 51 * minuteMs, heldSince: instantAt(9) }),
  });
  expect(verdict).toBe('on_time_by_device_clock');
  expect(inputs).toEqual({
    deadline: instantAt(10),
    isSeenDeadline: false,
    graceMinutes: 60,
    receivedAt: instantAt(10, 20),
    claimedAt: instantAt(9, 51),
    anchorAt: instantAt(9),
    anchorSeq: head.seq,
    elapsedMs: 51 * minuteMs,
    estimatedAt: instantAt(9, 51),
    differenceMs: 0,
    correctedAt: instantAt(9, 51),
    toleranceMs: 121_530,
    rule: 'claimed_in_time',
  });
});

test('SY-18 the receipt states what the verdict was made from', async () => {
  const setting = await createSetting();
  const { orgId, intern } = setting;
  const task = await assign(setting, wallAt(10));
  const { inputs } = await handIn(setting, task, { claimedAt: instantAt(8, 59) });
  const [receipt] = await intern.list(orgId, 'receipts');
  const statement = receiptStatementSchema.parse(JSON.parse(String(receipt?.['statementJson'])));
  expect(statement).toMatchObject({ format: 'stint-receipt-2', verdictInputs: inputs });
});

test('SY-18 a clock turned back before handing in is found out by the server’s own time', async () => {
  const setting = await createSetting();
  const { orgId, intern, time } = setting;
  const task = await assign(setting, wallAt(10));
  const { anchor } = await intern.pull(orgId);
  time.advance(75 * minuteMs);
  const { verdict, inputs } = await handIn(setting, task, {
    claimedAt: instantAt(9, 50),
    anchor: hold(anchor, { elapsedMs: 74 * minuteMs, heldSince: instantAt(9) }),
  });
  expect(verdict).toBe('clock_inconsistent');
  expect(inputs.rule).toBe('claimed_before_anchor');
});

test('SY-17 an anchor of another organization, another person’s device, or another hand is as good as none', async () => {
  const setting = await createSetting();
  const { orgId, intern, owner, time, url } = setting;
  const task = await assign(setting, wallAt(10));
  const elsewhere = await TestOrganization.create(url, 'Elsewhere');
  const right = hold((await intern.pull(orgId)).anchor, { elapsedMs: 5 * 60 * minuteMs });
  const othersOwn = hold((await owner.pull(orgId)).anchor, { elapsedMs: 5 * 60 * minuteMs });
  const otherOrg = hold((await elsewhere.owner.pull(elsewhere.orgId)).anchor);
  const statement = readStatement(right);
  const forged = computeCanonicalJson({ ...statement, at: instantAt(8) });
  const useless: HeldAnchor[] = [
    othersOwn,
    otherOrg,
    { ...right, statementJson: forged },
    { ...right, signature: '' },
    { ...right, signature: 'not base64 at all' },
    { ...right, keyId: '0000000000000000' },
    { ...right, statementJson: 'not JSON' },
    { ...right, statementJson: `${right.statementJson} ` },
  ];
  time.advance(80 * minuteMs);
  for (const anchor of useless) {
    const { verdict, inputs } = await handIn(setting, task, {
      claimedAt: instantAt(9, 50),
      anchor,
    });
    expect(verdict).toBe('on_time_by_device_clock');
    expect(inputs).toMatchObject({ anchorAt: null, anchorSeq: null, estimatedAt: null });
  }
  // The right one, for comparison: five hours cannot have passed.
  expect(await handIn(setting, task, { claimedAt: instantAt(9, 50), anchor: right })).toMatchObject(
    {
      verdict: 'clock_inconsistent',
      inputs: { rule: 'elapsed_impossible' },
    },
  );
});

test('SY-17 an anchor stays good when its workspace had to take a new device name', async () => {
  const setting = await createSetting();
  const { orgId, time, url, organization } = setting;
  const { code, engagementId } = await organization.invite();
  const before = new TestDevice(url);
  await before.register('Ida', { email: 'ida@example.org', invitationCode: code });
  await before.request('POST', '/api/v1/invitations/accept', { code, membershipId: createId() });
  const task = await organization.assignTask(engagementId, {
    deadline: { wall: wallAt(10), zone: 'Europe/Berlin' },
  });
  const { anchor } = await before.pull(orgId);
  const after = new TestDevice(url);
  await after.signIn('ida@example.org', 'correct horse battery');
  expect(after.deviceId).not.toBe(before.deviceId);
  time.advance(75 * minuteMs);
  const { inputs } = await handIn(
    setting,
    task,
    { claimedAt: instantAt(9, 50), anchor: hold(anchor) },
    after,
  );
  expect(inputs.anchorAt).toBe(instantAt(9));
});

test('SY-17 an anchor that is malformed is refused with its mutation alone', async () => {
  const setting = await createSetting();
  const { orgId, intern } = setting;
  const task = await assign(setting, wallAt(10));
  const mutation = intern.createMutation('submission.create', createSubmissionArgs(task));
  const { results } = await intern.push(orgId, [
    { ...mutation, anchor: { statementJson: 7 } },
    intern.createMutation('task.acknowledgeBrief', {
      acknowledgementId: createId(),
      taskId: task.taskId,
      briefVersionId: task.briefVersionId,
    }),
  ]);
  expect(results[0]).toMatchObject({ status: 'rejected', code: 'invalid_input' });
  expect(results[1]).toMatchObject({ status: 'applied' });
});

test('SY-19 a deadline that moved after what the device was shown counts as it could be seen', async () => {
  const setting = await createSetting();
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
  const setting = await createSetting();
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
  const setting = await createSetting();
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

test('SY-19 a deadline that moved back unseen is the later one, and counts', async () => {
  const setting = await createSetting();
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
  const setting = await createSetting();
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
  const setting = await createSetting();
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

async function createInconsistent(setting: Setting) {
  const { orgId, intern, time } = setting;
  const task = await assign(setting, wallAt(10));
  const { anchor } = await intern.pull(orgId);
  time.advance(75 * minuteMs);
  const judged = await handIn(setting, task, {
    claimedAt: instantAt(9, 50),
    anchor: hold(anchor, { elapsedMs: 74 * minuteMs }),
  });
  expect(judged.verdict).toBe('clock_inconsistent');
  return judged.submissionId;
}

test('SY-18 where the clocks contradict each other the employer decides, once, and the intern sees it', async () => {
  const setting = await createSetting();
  const { orgId, owner, intern, organization } = setting;
  const submissionId = await createInconsistent(setting);
  const decide = (verdict: string, reason = 'The power was out.') =>
    owner.pushOne(orgId, 'submission.decideLateness', { submissionId, verdict, reason });
  expect(await decide('on_time', '  ')).toMatchObject({
    status: 'rejected',
    code: 'invalid_input',
  });
  expect(await decide('on_time')).toMatchObject({ status: 'applied' });
  const decided = {
    verdict: 'clock_inconsistent',
    decidedVerdict: 'on_time',
    decidedBy: organization.ownerMembershipId,
    decidedAt: instantAt(10, 15),
    decisionReason: 'The power was out.',
  };
  expect(await intern.list(orgId, 'submissions')).toMatchObject([decided]);
  // The same again changes nothing; the contrary is refused.
  expect(await decide('on_time', 'Another reason')).toMatchObject({ status: 'applied' });
  expect(await decide('late')).toMatchObject({ status: 'rejected', code: 'conflict' });
  expect(await owner.list(orgId, 'submissions')).toMatchObject([decided]);
});

test('SY-18 nobody decides on a verdict that is clear, and no intern on any', async () => {
  const setting = await createSetting();
  const { orgId, owner, intern } = setting;
  const task = await assign(setting, wallAt(10));
  const { submissionId } = await handIn(setting, task, { claimedAt: instantAt(9) });
  const decision = { submissionId, verdict: 'late', reason: 'No.' };
  expect(await owner.pushOne(orgId, 'submission.decideLateness', decision)).toMatchObject({
    status: 'rejected',
    code: 'conflict',
  });
  const doubtful = await createInconsistent(setting);
  expect(
    await intern.pushOne(orgId, 'submission.decideLateness', {
      ...decision,
      submissionId: doubtful,
      verdict: 'on_time',
    }),
  ).toMatchObject({ status: 'rejected', code: 'forbidden' });
  expect(
    await owner.pushOne(orgId, 'submission.decideLateness', {
      ...decision,
      submissionId: createId(),
    }),
  ).toMatchObject({ status: 'rejected', code: 'not_found' });
});

test('SY-18 the deadline’s own moment, and the last of the grace time, by the server’s clock', async () => {
  const setting = await createSetting();
  const { time } = setting;
  const claimedAt = instantAt(10);
  const task = await assign(setting, wallAt(10));
  const verdicts: unknown[] = [];
  time.advance(60 * minuteMs);
  verdicts.push((await handIn(setting, task, { claimedAt })).verdict);
  time.advance(1);
  verdicts.push((await handIn(setting, task, { claimedAt })).verdict);
  time.advance(60 * minuteMs - 1);
  verdicts.push((await handIn(setting, task, { claimedAt })).verdict);
  time.advance(1);
  verdicts.push((await handIn(setting, task, { claimedAt })).verdict);
  expect(verdicts).toEqual([
    'on_time',
    'on_time_by_device_clock',
    'on_time_by_device_clock',
    'late',
  ]);
});
