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
import { pullPageRows } from '../../../src/shared/protocol/version.ts';
import {
  assign,
  type ClockSetting,
  createClockSetting,
  handIn,
  hold,
  instantAt,
  minuteMs,
  wallAt,
} from '../../support/server/clock-setting.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { createId } from '../../support/server/test-ids.ts';
import {
  createSubmissionArgs,
  testProjectTerms,
  TestOrganization,
} from '../../support/server/test-organization.ts';

const readStatement = (anchor: TimeAnchor | null): z.infer<typeof timeAnchorStatementSchema> =>
  timeAnchorStatementSchema.parse(JSON.parse(anchor?.statementJson ?? 'null'));

test('SY-17 every answer to a push or pull carries the server’s time, signed for this device', async () => {
  const setting = await createClockSetting();
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
  const setting = await createClockSetting();
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
  const setting = await createClockSetting();
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
  const setting = await createClockSetting();
  const { orgId, intern } = setting;
  const task = await assign(setting, wallAt(10));
  const { inputs } = await handIn(setting, task, { claimedAt: instantAt(8, 59) });
  const [receipt] = await intern.list(orgId, 'receipts');
  const statement = receiptStatementSchema.parse(JSON.parse(String(receipt?.['statementJson'])));
  expect(statement).toMatchObject({ format: 'stint-receipt-2', verdictInputs: inputs });
});

test('SY-18 a clock turned back before handing in is found out by the server’s own time', async () => {
  const setting = await createClockSetting();
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
  const setting = await createClockSetting();
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
  const setting = await createClockSetting();
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
  const setting = await createClockSetting();
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

async function createInconsistent(setting: ClockSetting) {
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
  const setting = await createClockSetting();
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
  // The same again changes nothing; other words, which the intern would not read, and the contrary are refused.
  expect(await decide('on_time')).toMatchObject({ status: 'applied' });
  expect(await decide('on_time', 'Another reason')).toMatchObject({ code: 'conflict' });
  expect(await decide('late')).toMatchObject({ status: 'rejected', code: 'conflict' });
  expect(await owner.list(orgId, 'submissions')).toMatchObject([decided]);
});

test('SY-18 nobody decides on a verdict that is clear, and no intern on any', async () => {
  const setting = await createClockSetting();
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
  const setting = await createClockSetting();
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
