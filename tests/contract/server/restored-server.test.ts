import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import type { Clock } from '../../../src/shared/ports.ts';
import type { Head, ReceiptProof, WireMutation } from '../../../src/shared/protocol/push.ts';
import { listRecords } from '../../support/server/test-database.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeInstant, createId } from '../../support/server/test-ids.ts';
import {
  createSubmissionArgs,
  testProjectTerms,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const createProject = (device: TestDevice, title = 'Sent after the backup') =>
  device.createMutation('project.create', {
    projectId: createId(),
    terms: { ...testProjectTerms, title },
  });

const acknowledge = (
  mutation: WireMutation,
  seq: number | null | undefined,
  receipt: ReceiptProof | null = null,
): WireMutation => ({ ...mutation, acknowledged: { seq: seq ?? 1, receipt } });

/** An organization on a server that goes on after a copy of it was taken. */
async function startWithCopy() {
  const first = await startTestServer();
  const organization = await TestOrganization.create(first.url);
  const intern = await organization.addIntern();
  const task = await organization.assignTask(intern.engagementId);
  const restore = await first.keepCopy();
  const server = await first.restart();
  const { orgId } = organization;
  return {
    orgId,
    task,
    engagementId: intern.engagementId,
    server,
    owner: organization.owner.moveTo(server.url),
    intern: intern.device.moveTo(server.url),
    restore,
  };
}

const clockAhead = (byMs: number): Clock => ({
  nowMs: () => Date.now() + byMs,
  monotonicMs: () => performance.now(),
  bootId: 'ahead',
});

test('SY-15 a restored server takes nothing from a workspace that saw more, until it has pulled', async () => {
  const { orgId, owner, restore } = await startWithCopy();
  const { head: common } = await owner.pull(orgId);
  const sent = createProject(owner);
  await owner.push(orgId, [sent], common);
  const { head: seen } = await owner.pull(orgId);

  const restored = owner.moveTo((await restore()).url);
  const next = createProject(owner);
  await expect(restored.push(orgId, [sent, next], seen)).rejects.toMatchObject({
    status: 409,
    code: 'head_unknown',
  });
  expect((await restored.pull(orgId)).head).toEqual(common);

  const page = await restored.pull(orgId, { head: seen, knownHeads: [seen, common] });
  expect(page.restart).toEqual({ common });
  const { results } = await restored.push(orgId, [acknowledge(sent, seen.seq), next], page.head);
  expect(results.map(({ status, repeated }) => [status, repeated])).toEqual([
    ['applied', false],
    ['applied', false],
  ]);
  const titles = (await restored.list(orgId, 'projects')).map(({ title }) => title);
  expect(titles.filter((title) => title === 'Sent after the backup')).toHaveLength(2);
});

test('SY-15 a pull begins again from the newest head that both know, whatever else it names', async () => {
  const { orgId, owner, restore } = await startWithCopy();
  const fresh = await owner.pull(orgId);
  const heads: Head[] = [fresh.head];
  for (let count = 0; count < 3; count += 1)
    heads.unshift((await owner.push(orgId, [createProject(owner)])).head);
  const [seen] = heads;
  if (seen === undefined) throw new Error('no head');

  const restored = owner.moveTo((await restore()).url);
  const garbage: Head[] = [
    { seq: fresh.head.seq, hash: 'f'.repeat(64) },
    { seq: 1, hash: 'no hash at all' },
    { seq: Number.MAX_SAFE_INTEGER, hash: '' },
    { seq: 0, hash: '' },
    seen,
  ];
  const scopes = fresh.scopes.map(({ scope }) => ({ scope, seq: seen.seq }));
  const page = await restored.pull(orgId, {
    scopes,
    head: seen,
    knownHeads: [...garbage, ...heads],
  });
  expect(page.restart).toEqual({ common: fresh.head });
  expect({ rows: page.rows, scopes: page.scopes }).toEqual({
    rows: fresh.rows,
    scopes: fresh.scopes,
  });
  expect(page.added).toEqual([]);
  expect((await restored.pull(orgId, { head: seen, knownHeads: garbage })).restart).toEqual({
    common: { seq: 0, hash: '' },
  });
  const next = await restored.pull(orgId, { scopes: page.scopes, head: page.head });
  expect(next.restart).toBeNull();
});

test('SY-15 more heads than a pull may name are refused by name', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const knownHeads = Array.from({ length: 65 }, (_, seq) => ({ seq, hash: '' }));
  await expect(owner.pull(orgId, { knownHeads })).rejects.toMatchObject({
    status: 400,
    field: 'knownHeads',
  });
});

test('SY-15 the head in the answer to a push counts as seen, though nothing was pulled since', async () => {
  const { orgId, owner, restore } = await startWithCopy();
  const { head: pulled } = await owner.pull(orgId);
  const { head: answered } = await owner.push(orgId, [createProject(owner)], pulled);
  const restored = owner.moveTo((await restore()).url);
  await expect(restored.push(orgId, [createProject(owner)], answered)).rejects.toMatchObject({
    code: 'head_unknown',
  });
  const page = await restored.pull(orgId, { head: answered, knownHeads: [pulled] });
  expect(page.restart).toEqual({ common: pulled });
});

test('SY-15 a restored server that has numbered on beyond the lost head is recognised all the same', async () => {
  const { orgId, owner, restore } = await startWithCopy();
  const { head: common } = await owner.pull(orgId);
  const { head: lost } = await owner.push(orgId, [createProject(owner)]);
  const server = await restore();
  const other = owner.moveTo(server.url);
  for (let count = 0; count < 3; count += 1)
    await other.push(orgId, [createProject(owner, 'Sent by another workspace')]);
  const page = await other.pull(orgId, { head: lost, knownHeads: [lost, common] });
  expect(page.head.seq).toBeGreaterThan(lost.seq);
  expect(page.restart).toEqual({ common });
  await expect(other.push(orgId, [createProject(owner)], lost)).rejects.toMatchObject({
    code: 'head_unknown',
  });
});

test('SY-15 a first synchronisation that was cut short begins again where its cursors lie beyond the head', async () => {
  const { orgId, owner, restore } = await startWithCopy();
  const { head: lost, scopes } = await owner
    .push(orgId, [createProject(owner)])
    .then(() => owner.pull(orgId));
  const restored = owner.moveTo((await restore()).url);
  const page = await restored.pull(orgId, { scopes, head: null });
  expect(page.restart).toEqual({ common: { seq: 0, hash: '' } });
  expect(page.head.seq).toBeLessThan(lost.seq);
  expect(page.rows.length).toBeGreaterThan(0);
});

test('SY-15 what was taken once is not refused for ever where it builds on what others have yet to send again', async () => {
  const { orgId, owner, intern, engagementId, restore } = await startWithCopy();
  const taskId = createId();
  const assigned = owner.createMutation('task.assign', {
    taskId,
    briefVersionId: createId(),
    deadlineId: createId(),
    engagementId,
    title: 'Lost',
    instructions: '',
    criteria: [],
    deadline: { wall: '2099-12-31T17:00', zone: 'Europe/Berlin' },
    estimateMinutes: null,
    references: [],
  });
  const worked = intern.createMutation('time.add', {
    timeEntryId: createId(),
    taskId,
    startedAt: computeInstant(-3_600_000),
    endedAt: computeInstant(),
    zone: 'Europe/Berlin',
    source: 'timer',
    note: '',
  });
  await owner.push(orgId, [assigned]);
  const { results } = await intern.push(orgId, [worked]);
  expect(results).toMatchObject([{ status: 'applied' }]);
  const again = acknowledge(worked, results[0]?.seq);

  const { url } = await restore();
  const waits = await intern.moveTo(url).push(orgId, [again]);
  expect(waits.results).toMatchObject([{ status: 'rejected', code: 'not_found', repeated: false }]);
  await owner.moveTo(url).push(orgId, [acknowledge(assigned, 1)]);
  const goes = await intern.moveTo(url).push(orgId, [again]);
  expect(goes.results).toMatchObject([{ status: 'applied', repeated: false }]);
  const repeats = await intern.moveTo(url).push(orgId, [again]);
  expect(repeats.results).toMatchObject([{ status: 'applied', repeated: true }]);
  expect(await intern.moveTo(url).list(orgId, 'timeEntries')).toHaveLength(1);
});

test('SY-15 what closed a project or ended an engagement may come again before what was done in it', async () => {
  const { orgId, owner, engagementId, restore } = await startWithCopy();
  const [project] = await owner.list(orgId, 'projects');
  const projectId = String(project?.['id']);
  const lost = [
    owner.createMutation('engagement.invite', {
      invitationId: createId(),
      engagementId: createId(),
      codeHash: 'a'.repeat(64),
      invitedName: 'Ivo',
      invitedEmail: null,
      expiresAt: computeInstant(86_400_000),
      projectId,
    }),
    owner.createMutation('task.assign', {
      taskId: createId(),
      briefVersionId: createId(),
      deadlineId: createId(),
      engagementId,
      title: 'Lost',
      instructions: '',
      criteria: [],
      deadline: { wall: '2099-12-31T17:00', zone: 'Europe/Berlin' },
      estimateMinutes: null,
      references: [],
    }),
    owner.createMutation('engagement.complete', { engagementId }),
    owner.createMutation('project.close', { projectId }),
  ];
  const before = await owner.push(orgId, lost);
  expect(before.results.map(({ status }) => status)).toEqual(lost.map(() => 'applied'));
  const restored = owner.moveTo((await restore()).url);
  const inOtherOrder = lost.toReversed().map((mutation) => acknowledge(mutation, 1));
  const { results } = await restored.push(orgId, inOtherOrder);
  expect(results.map(({ status }) => status)).toEqual(lost.map(() => 'applied'));
});

test('SY-15 a refusal of what never was taken is stored', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const refused = owner.createMutation('task.cancel', { taskId: createId() });
  await owner.push(orgId, [refused]);
  const { results } = await owner.push(orgId, [acknowledge(refused, 1)]);
  expect(results).toMatchObject([{ status: 'rejected', repeated: true }]);
});

/** A submission that was on time by its receipt, and a server without it that looks at it days later. */
async function startWithLostSubmission() {
  const lateByMs = 5 * 86_400_000;
  const setting = await startWithCopy();
  const { orgId, task, intern } = setting;
  const [deadlineDay] = computeInstant(2 * 86_400_000).split('T');
  await setting.owner.apply(orgId, [
    'task.moveDeadline',
    {
      taskId: task.taskId,
      deadlineId: createId(),
      deadline: { wall: `${deadlineDay}T12:00`, zone: 'Europe/Berlin' },
    },
  ]);
  const [current] = await intern.list(orgId, 'tasks');
  const args = createSubmissionArgs({ ...task, deadlineId: String(current?.['deadlineId']) });
  const restore = await setting.server.keepCopy();
  const server = await setting.server.restart();
  const submitter = intern.moveTo(server.url);
  const mutation = submitter.createMutation('submission.create', args);
  const { results } = await submitter.push(orgId, [mutation]);
  const [submission] = await submitter.list(orgId, 'submissions');
  const [receipt] = await submitter.list(orgId, 'receipts');
  if (submission === undefined || receipt === undefined) throw new Error('nothing was handed in');
  const proof: ReceiptProof = {
    statementJson: String(receipt['statementJson']),
    keyId: String(receipt['keyId']),
    signature: String(receipt['signature']),
  };
  return {
    ...setting,
    server,
    intern: submitter,
    owner: setting.owner.moveTo(server.url),
    mutation,
    seq: results[0]?.seq,
    submission,
    proof,
    restoreLate: () => restore({ ports: { clock: clockAhead(lateByMs) } }),
  };
}

test('SY-15 a submission with its receipt stays received when it was, with the verdict and its inputs', async () => {
  const { orgId, intern, mutation, seq, submission, proof, restoreLate } =
    await startWithLostSubmission();
  expect(submission).toMatchObject({ verdict: 'on_time', marksJson: '[]' });
  const restored = intern.moveTo((await restoreLate()).url);
  const { results } = await restored.push(orgId, [acknowledge(mutation, seq, proof)]);
  expect(results).toMatchObject([{ status: 'applied', repeated: false }]);
  expect(await restored.list(orgId, 'submissions')).toEqual([submission]);
  const [receipt] = await restored.list(orgId, 'receipts');
  expect(JSON.parse(String(receipt?.['statementJson']))).toEqual(JSON.parse(proof.statementJson));
});

test('SY-15 a receipt that is honoured stands whole: no other time is claimed with it', async () => {
  const { orgId, intern, mutation, seq, submission, proof, restoreLate } =
    await startWithLostSubmission();
  const restored = intern.moveTo((await restoreLate()).url);
  const edited = { ...mutation, claimedAt: computeInstant(-5 * 86_400_000) };
  const { results } = await restored.push(orgId, [acknowledge(edited, seq, proof)]);
  expect(results).toMatchObject([{ status: 'applied' }]);
  expect(await restored.list(orgId, 'submissions')).toEqual([submission]);
});

test('SY-15 a submission without a receipt is judged anew, and marked as sent again', async () => {
  const { orgId, intern, mutation, seq, restoreLate } = await startWithLostSubmission();
  const restored = intern.moveTo((await restoreLate()).url);
  await restored.push(orgId, [acknowledge(mutation, seq)]);
  const [submission] = await restored.list(orgId, 'submissions');
  expect(submission?.['verdict']).not.toBe('on_time');
  expect(JSON.parse(String(submission?.['marksJson']))).toContain('resent_after_restore');
});

test('SY-15 a receipt that is forged, or about anything else, proves nothing and harms nothing', async () => {
  const { orgId, intern, mutation, seq, proof, restoreLate } = await startWithLostSubmission();
  const { url } = await restoreLate();
  const restored = intern.moveTo(url);
  const elsewhere = await TestOrganization.create(url, 'Elsewhere');
  const other = await elsewhere.addIntern();
  const otherTask = await elsewhere.assignTask(other.engagementId);
  await other.device.apply(elsewhere.orgId, [
    'submission.create',
    createSubmissionArgs(otherTask, {
      submissionId: (mutation.args as { submissionId: string }).submissionId,
    }),
  ]);
  const [foreign] = await other.device.list(elsewhere.orgId, 'receipts');
  const statement = JSON.parse(proof.statementJson) as Record<string, unknown>;
  const earlier = computeCanonicalJson({ ...statement, receivedAt: computeInstant(-86_400_000) });
  const { privateKey: ownKey } = generateKeyPairSync('ed25519');
  const forgeries: ReceiptProof[] = [
    { ...proof, statementJson: earlier },
    { ...proof, signature: proof.signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
    { ...proof, signature: '' },
    { ...proof, signature: 'no base64 \u0000' },
    { ...proof, keyId: '0'.repeat(16) },
    {
      ...proof,
      statementJson: '{',
      signature: sign(null, Buffer.from('{'), ownKey).toString('base64'),
    },
    {
      ...proof,
      statementJson: earlier,
      signature: sign(null, Buffer.from(earlier), ownKey).toString('base64'),
    },
    {
      statementJson: String(foreign?.['statementJson']),
      keyId: String(foreign?.['keyId']),
      signature: String(foreign?.['signature']),
    },
  ];
  const args = mutation.args as { submissionId: string } & Record<string, unknown>;
  for (const [index, forgery] of forgeries.entries()) {
    const forged = restored.createMutation('submission.create', {
      ...args,
      submissionId: index === forgeries.length - 1 ? args.submissionId : createId(),
      note: `Forged ${index}`,
    });
    const { results } = await restored.push(orgId, [acknowledge(forged, seq, forgery)]);
    expect(results).toMatchObject([{ status: 'applied' }]);
  }
  const submissions = await restored.list(orgId, 'submissions');
  expect(submissions).toHaveLength(forgeries.length);
  for (const { verdict, marksJson } of submissions) {
    expect(verdict).not.toBe('on_time');
    expect(marksJson).toContain('resent_after_restore');
  }
});

test("SY-15 a person's own receipt proves that one work alone: not another task's, another text's or another's", async () => {
  const { orgId, owner, intern, engagementId, mutation, seq, proof, restoreLate } =
    await startWithLostSubmission();
  const { url } = await restoreLate();
  const restored = intern.moveTo(url);
  const args = mutation.args as { submissionId: string } & Record<string, unknown>;
  const ids = { taskId: createId(), briefVersionId: createId(), deadlineId: createId() };
  await owner.moveTo(url).apply(orgId, [
    'task.assign',
    {
      ...ids,
      engagementId,
      title: 'Overdue',
      instructions: '',
      criteria: [],
      deadline: { wall: '2020-01-01T12:00', zone: 'Europe/Berlin' },
      estimateMinutes: null,
      references: [],
    },
  ]);
  const claims = [
    { ...args, ...ids },
    { ...args, note: 'Written long after.' },
    { ...args, submissionId: createId() },
  ];
  for (const claim of claims) {
    const forged = restored.createMutation('submission.create', claim);
    await restored.push(orgId, [acknowledge(forged, seq, proof)]);
  }
  const submissions = await restored.list(orgId, 'submissions');
  expect(submissions.length).toBeGreaterThan(0);
  for (const { verdict } of submissions) expect(verdict).not.toBe('on_time');
});

test('SY-15 revisions that were handed in alike stay two where both have receipts, though the review comes later', async () => {
  const { orgId, owner, intern, task, restore } = await startWithCopy();
  const first = intern.createMutation('submission.create', createSubmissionArgs(task));
  const second = intern.createMutation('submission.create', createSubmissionArgs(task));
  await intern.push(orgId, [first]);
  const [{ manifestHash } = {}] = await intern.list(orgId, 'submissions');
  const review = owner.createMutation('review.decide', {
    reviewId: createId(),
    submissionId: (first.args as { submissionId: string }).submissionId,
    manifestHash,
    decision: 'accepted',
    comment: '',
    comments: [],
    confirmedNotNewest: false,
  });
  expect((await owner.push(orgId, [review])).results).toMatchObject([{ status: 'applied' }]);
  await intern.push(orgId, [second]);
  const receipts = await intern.list(orgId, 'receipts');
  expect(receipts).toHaveLength(2);
  const findProof = ({ args }: WireMutation): ReceiptProof => {
    const { submissionId } = args as { submissionId: string };
    const row = receipts.find((receipt) => receipt['submissionId'] === submissionId);
    return {
      statementJson: String(row?.['statementJson']),
      keyId: String(row?.['keyId']),
      signature: String(row?.['signature']),
    };
  };

  const { url } = await restore();
  const sent = [first, second].map((mutation) => acknowledge(mutation, 1, findProof(mutation)));
  await intern.moveTo(url).push(orgId, sent);
  const decided = await owner.moveTo(url).push(orgId, [acknowledge(review, 1)]);
  expect(decided.results).toMatchObject([{ status: 'applied' }]);
  const submissions = await intern.moveTo(url).list(orgId, 'submissions');
  expect(new Set(submissions.map(({ revision }) => revision))).toEqual(new Set([1, 2]));
});

test('SY-15 a workspace of version 1 names no head, and is served as ever', async () => {
  const { orgId, owner, server, restore } = await startWithCopy();
  await owner.push(orgId, [createProject(owner)]);
  await server.close();
  const restored = owner.moveTo((await restore()).url);
  const { anchor: _anchor, acknowledged: _acknowledged, ...old } = createProject(owner);
  const { results } = await restored.request<{ results: unknown[] }>(
    'POST',
    `/api/v1/organizations/${orgId}/push`,
    { mutations: [old] },
  );
  expect(results).toMatchObject([{ status: 'applied' }]);
});

test('SY-15 the log goes on as one chain after a restore', async () => {
  const { orgId, owner, restore } = await startWithCopy();
  await owner.push(orgId, [createProject(owner)]);
  const server = await restore();
  const restored = owner.moveTo(server.url);
  const { head } = await restored.push(orgId, [createProject(owner), createProject(owner)]);
  const log = await listRecords(
    server,
    'select "seq", "hash" from "mutationLog" where "orgId" = ? order by "seq"',
    orgId,
  );
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(log.at(-1)).toEqual(head);
});
