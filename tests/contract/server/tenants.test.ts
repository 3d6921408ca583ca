import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeSha256, createId, createInvitationCode } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  testProjectTerms,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

/** Stands in every text that the first organization holds, and must come to nobody of the second. */
const canary = 'canary-7f3a';

async function createTenants(url: string) {
  const victim = await TestOrganization.create(url, `Victim ${canary}`);
  const intern = await victim.addIntern(`Intern ${canary}`);
  const content = Buffer.from(`content ${canary}`);
  const reference = createManifestFile(content, `${canary}.txt`);
  await uploadContent(victim.owner, victim.orgId, content);
  const task = await victim.assignTask(intern.engagementId, {
    title: `Task ${canary}`,
    instructions: canary,
    references: [reference],
  });
  const submission = createSubmissionArgs(task, { note: canary });
  await intern.device.apply(victim.orgId, ['submission.create', submission]);
  const neighbour = await TestOrganization.create(url, 'Neighbour');
  return { victim, intern, task, submission, content, reference, neighbour };
}

/** What a request is answered, as text: status, headers and body. */
async function answerText(device: TestDevice, path: string, init: RequestInit = {}) {
  const response = await device.fetch(path, init);
  return {
    status: response.status,
    text: `${JSON.stringify([...response.headers])} ${await response.text()}`,
  };
}

test('nothing of one organization comes to a member of another who asks in their own', async () => {
  const { url } = await startTestServer();
  const { neighbour, reference, content } = await createTenants(url);
  const { orgId, owner } = neighbour;
  const pulled = JSON.stringify(await owner.pull(orgId));
  expect(pulled).toContain('Neighbour');
  expect(pulled).not.toContain(canary);

  const file = await answerText(owner, endpoints.file(orgId, reference.sha256));
  expect(file.status).toBe(404);
  expect(file.text).not.toContain(canary);
  const { missing } = await owner.request<{ missing: string[] }>(
    'POST',
    endpoints.missingFiles(orgId),
    { files: [{ sha256: reference.sha256, sizeBytes: content.byteLength }] },
  );
  expect(missing).toEqual([reference.sha256]);
});

test('nothing of one organization comes to a member of another who asks in the first one', async () => {
  const { url } = await startTestServer();
  const { victim, neighbour, reference } = await createTenants(url);
  const { owner } = neighbour;
  const body = (value: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });
  const answers = [
    await answerText(owner, endpoints.pull(victim.orgId), body({ scopes: [], head: null })),
    await answerText(
      owner,
      endpoints.push(victim.orgId),
      body({ mutations: [owner.createMutation('task.cancel', { taskId: createId() })] }),
    ),
    await answerText(owner, endpoints.missingFiles(victim.orgId), body({ files: [] })),
    await answerText(owner, endpoints.file(victim.orgId, reference.sha256)),
    await answerText(owner, endpoints.uploads(victim.orgId), {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': '1' },
    }),
    await answerText(
      owner,
      endpoints.organizations,
      body({
        orgId: victim.orgId,
        membershipId: createId(),
        name: 'Mine',
        timeZone: 'Europe/Berlin',
      }),
    ),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 409]);
  for (const { text } of answers) expect(text).not.toContain(canary);
});

test('a mutation that names rows of another organization finds none, and its refusal tells nothing', async () => {
  const { url } = await startTestServer();
  const { victim, intern, task, submission, neighbour } = await createTenants(url);
  const { orgId, owner } = neighbour;
  const before = (await victim.owner.pull(victim.orgId)).head;
  const { results } = await owner.push(orgId, [
    owner.createMutation('task.cancel', { taskId: task.taskId }),
    owner.createMutation('task.edit', {
      taskId: task.taskId,
      patch: { title: 'Mine' },
      seen: {},
    }),
    owner.createMutation('engagement.complete', { engagementId: intern.engagementId }),
    owner.createMutation('review.decide', {
      reviewId: createId(),
      submissionId: submission.submissionId,
      manifestHash: computeSha256('x'),
      decision: 'accepted',
      comment: '',
      comments: [],
      confirmedNotNewest: false,
    }),
    owner.createMutation('engagement.invite', {
      invitationId: createId(),
      engagementId: createId(),
      codeHash: computeSha256(createInvitationCode()),
      invitedName: 'Ida',
      invitedEmail: null,
      expiresAt: '2099-01-01T00:00:00.000Z',
      projectId: victim.projectId,
    }),
  ]);
  expect(results.map(({ status, code }) => [status, code])).toEqual(
    results.map(() => ['rejected', 'not_found']),
  );
  expect(JSON.stringify(results)).not.toContain(canary);
  expect((await victim.owner.pull(victim.orgId)).head).toEqual(before);
});

test('the same ids in two organizations are two rows', async () => {
  const { url } = await startTestServer();
  const { victim, intern, task, neighbour } = await createTenants(url);
  const mine = await neighbour.addIntern('Tom');
  await neighbour.assignTask(mine.engagementId, { taskId: task.taskId, title: 'My own' });
  // Beyond the number at which the other one was written.
  for (let count = 0; count < 10; count += 1) await neighbour.invite();
  const { rows } = await neighbour.owner.pull(neighbour.orgId);
  expect(rows.filter(({ row }) => row['id'] === task.taskId)).toHaveLength(1);
  expect(await neighbour.owner.list(neighbour.orgId, 'tasks')).toMatchObject([
    { id: task.taskId, title: 'My own' },
  ]);
  expect(await intern.device.list(victim.orgId, 'tasks')).toMatchObject([
    { id: task.taskId, title: `Task ${canary}` },
  ]);
});

test('an attachment that names a content of another organization never arrives', async () => {
  const { url } = await startTestServer();
  const { neighbour, reference } = await createTenants(url);
  const mine = await neighbour.addIntern('Tom');
  await neighbour.assignTask(mine.engagementId, {
    references: [{ ...reference, attachmentId: createId() }],
  });
  expect(await neighbour.owner.list(neighbour.orgId, 'attachments')).toMatchObject([
    { arrivedAt: null },
  ]);
  const answer = await answerText(
    neighbour.owner,
    endpoints.file(neighbour.orgId, reference.sha256),
  );
  expect(answer.status).toBe(404);
});

test('a use of a content in one organization opens nothing in another that holds the same content', async () => {
  const { url } = await startTestServer();
  const { neighbour, reference, content } = await createTenants(url);
  const { orgId, owner } = neighbour;
  const mine = await neighbour.addIntern('Tom');
  const task = await neighbour.assignTask(mine.engagementId);
  await uploadContent(mine.device, orgId, content);
  await mine.device.apply(orgId, [
    'draft.attach',
    { taskId: task.taskId, file: createManifestFile(content) },
  ]);
  expect((await answerText(mine.device, endpoints.file(orgId, reference.sha256))).status).toBe(200);
  expect((await answerText(owner, endpoints.file(orgId, reference.sha256))).status).toBe(404);
});

test('a content given to one organization has not arrived in another, even from the same membership id', async () => {
  const { url } = await startTestServer();
  const first = await TestOrganization.create(url);
  const { owner, ownerMembershipId: membershipId } = first;
  const content = Buffer.from('the same content');
  await uploadContent(owner, first.orgId, content);
  const { orgId } = await owner.createOrganization('Second', { orgId: createId(), membershipId });
  const projectId = createId();
  const engagementId = createId();
  await owner.apply(
    orgId,
    ['project.create', { projectId, terms: testProjectTerms }],
    [
      'engagement.invite',
      {
        invitationId: createId(),
        engagementId,
        codeHash: computeSha256(createInvitationCode()),
        invitedName: 'Ida',
        invitedEmail: null,
        expiresAt: '2099-01-01T00:00:00.000Z',
        projectId,
      },
    ],
    [
      'task.assign',
      {
        taskId: createId(),
        engagementId,
        title: 'Survey',
        briefVersionId: createId(),
        instructions: '',
        criteria: [],
        deadlineId: createId(),
        deadline: { wall: '2099-01-01T09:00', zone: 'Europe/Berlin' },
        estimateMinutes: null,
        references: [createManifestFile(content)],
      },
    ],
  );
  expect(await owner.list(orgId, 'attachments')).toMatchObject([{ arrivedAt: null }]);
  const { missing } = await owner.request<{ missing: string[] }>(
    'POST',
    endpoints.missingFiles(orgId),
    { files: [{ sha256: computeSha256(content), sizeBytes: content.byteLength }] },
  );
  expect(missing).toEqual([computeSha256(content)]);
});
