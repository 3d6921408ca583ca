import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { PushResult, WireMutation } from '../../../src/shared/protocol/push.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { openPokeStream } from '../../support/server/poke-stream.ts';
import { listRecords } from '../../support/server/test-database.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import {
  computeInstant,
  computeSha256,
  createId,
  createInvitationCode,
} from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  type TestIntern,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { describeUploadError, uploadContent } from '../../support/server/upload-content.ts';

const remove = (membershipId: string): [string, unknown] => [
  'member.remove',
  { membershipId, reason: null },
];

const forbidden = { status: 403, code: 'forbidden' };

/** Uploads with a real tus client; fails with the status and the code that the server answered. */
async function uploadAs(device: TestDevice, orgId: string, content: Uint8Array) {
  try {
    return await uploadContent(device, orgId, content);
  } catch (error) {
    throw Object.assign(new Error('the upload was refused'), describeUploadError(error));
  }
}

async function createScene() {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const intern = await organization.addIntern();
  const task = await organization.assignTask(intern.engagementId);
  return { url, organization, orgId: organization.orgId, owner: organization.owner, intern, task };
}

async function addManager(organization: TestOrganization): Promise<{
  device: TestDevice;
  membershipId: string;
}> {
  const code = createInvitationCode();
  await organization.owner.apply(organization.orgId, [
    'member.inviteManager',
    {
      invitationId: createId(),
      codeHash: computeSha256(code),
      invitedName: 'Max',
      expiresAt: computeInstant(86_400_000),
    },
  ]);
  const device = organization.owner.moveTo(organization.owner.baseUrl);
  await device.register('Max');
  const { membership } = await device.request<{ membership: { membershipId: string } }>(
    'POST',
    endpoints.acceptInvitation,
    { code, membershipId: createId() },
  );
  return { device, membershipId: membership.membershipId };
}

const pushOne = async (
  device: TestDevice,
  orgId: string,
  mutation: WireMutation,
): Promise<PushResult | undefined> => (await device.push(orgId, [mutation])).results[0];

/** A submission that an intern makes after their access has ended, with a file. */
function createLateSubmission(
  intern: TestIntern,
  task: Parameters<typeof createSubmissionArgs>[0],
) {
  const content = Buffer.from('done on the train');
  const file = createManifestFile(content, 'report.txt');
  const args = createSubmissionArgs(task, { files: [file] });
  const claimedAt = computeInstant(-3_600_000);
  return {
    content,
    file,
    args,
    claimedAt,
    mutation: intern.device.createMutation('submission.create', args, { claimedAt }),
  };
}

test('SY-10 ending access closes the streams, the pulls and the downloads of that person at once, and ends their engagement', async () => {
  const { organization, orgId, owner, intern, task } = await createScene();
  const reference = Buffer.from('reference');
  await uploadContent(owner, orgId, reference);
  const file = createManifestFile(reference, 'reference.txt');
  await owner.apply(orgId, ['task.addReference', { taskId: task.taskId, file }]);
  const stream = await openPokeStream(intern.device);
  await expect.poll(() => stream.pokes.length).toBeGreaterThan(0);

  await owner.apply(orgId, remove(intern.membershipId));
  await stream.ended;
  await expect(intern.device.pull(orgId)).rejects.toMatchObject(forbidden);
  await expect(
    intern.device.request('GET', endpoints.file(orgId, file.sha256)),
  ).rejects.toMatchObject(forbidden);
  await expect(uploadAs(intern.device, orgId, Buffer.from('anything'))).rejects.toMatchObject(
    forbidden,
  );
  const again = await openPokeStream(intern.device);
  const owners = await openPokeStream(owner);
  await owner.apply(orgId, ['task.cancel', { taskId: task.taskId }]);
  const { head } = await owner.pull(orgId);
  await expect.poll(() => owners.pokes.at(-1)?.seq).toBe(head.seq);
  expect(again.pokes).toEqual([]);
  const engagements = await owner.list(orgId, 'engagements');
  expect(engagements.find(({ id }) => id === intern.engagementId)).toMatchObject({
    status: 'withdrawn',
  });
  expect(await owner.list(orgId, 'memberships')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: intern.membershipId, status: 'removed' }),
      expect.objectContaining({ id: organization.ownerMembershipId, status: 'active' }),
    ]),
  );
});

test('SY-10 owners end the access of anyone but the last owner, managers that of interns', async () => {
  const { organization, orgId, owner, intern } = await createScene();
  const manager = await addManager(organization);
  const other = await organization.addIntern('Tom');
  const push = (device: TestDevice, membershipId: string) =>
    device.pushOne(orgId, ...remove(membershipId));
  expect(await push(owner, organization.ownerMembershipId)).toMatchObject({
    status: 'rejected',
    code: 'refused',
  });
  expect(await push(manager.device, organization.ownerMembershipId)).toMatchObject({
    code: 'forbidden',
  });
  expect(await push(manager.device, manager.membershipId)).toMatchObject({ code: 'forbidden' });
  expect(await push(other.device, intern.membershipId)).toMatchObject({ code: 'forbidden' });
  expect(await push(manager.device, intern.membershipId)).toMatchObject({ status: 'applied' });
  expect(await push(manager.device, intern.membershipId)).toMatchObject({ status: 'applied' });
  expect(await push(owner, manager.membershipId)).toMatchObject({ status: 'applied' });
  await expect(manager.device.pull(orgId)).rejects.toMatchObject(forbidden);
});

test('SY-10 work sent after access ended waits for the employer, and nothing else of it is taken', async () => {
  const { orgId, owner, intern, task } = await createScene();
  await owner.apply(orgId, remove(intern.membershipId));
  const { mutation, args } = createLateSubmission(intern, task);
  const note = intern.device.createMutation('draft.writeNote', { taskId: task.taskId, note: 'x' });
  const { results } = await intern.device.push(orgId, [mutation, note]);
  expect(results).toMatchObject([
    { status: 'quarantined', repeated: false },
    { status: 'rejected', code: 'forbidden' },
  ]);
  expect(await pushOne(intern.device, orgId, mutation)).toMatchObject({
    status: 'quarantined',
    repeated: true,
  });
  expect(await owner.list(orgId, 'submissions')).toEqual([]);
  expect(await owner.list(orgId, 'quarantinedChanges')).toMatchObject([
    { id: mutation.id, state: 'waiting', scope: 'desk', membershipId: intern.membershipId },
  ]);
  expect(args.submissionId).not.toBe(mutation.id);
});

test('SY-10 what is accepted stands as a revision by its maker, with its own times and marks, and the maker is answered so', async () => {
  const { orgId, owner, intern, task } = await createScene();
  await owner.apply(orgId, remove(intern.membershipId));
  const { mutation, args, claimedAt } = createLateSubmission(intern, task);
  const before = new Date().toISOString();
  await intern.device.push(orgId, [mutation]);
  const after = new Date().toISOString();
  expect(await owner.pushOne(orgId, 'quarantine.accept', { id: mutation.id })).toMatchObject({
    status: 'applied',
  });
  const [submission] = await owner.list(orgId, 'submissions');
  expect(submission).toMatchObject({
    id: args.submissionId,
    revision: 1,
    submittedBy: intern.membershipId,
    claimedAt,
    verdict: 'on_time',
  });
  expect(JSON.parse(String(submission?.['marksJson']))).toContain('engagement_ended');
  const receivedAt = String(submission?.['receivedAt']);
  expect(receivedAt >= before && receivedAt <= after).toBe(true);
  expect(await owner.list(orgId, 'receipts')).toMatchObject([{ submissionId: args.submissionId }]);
  expect(await owner.list(orgId, 'quarantinedChanges')).toMatchObject([
    { state: 'accepted', problem: null },
  ]);
  const { head } = await owner.pull(orgId);
  expect(await pushOne(intern.device, orgId, mutation)).toMatchObject({
    status: 'applied',
    repeated: true,
    seq: head.seq,
  });
  expect(await owner.pushOne(orgId, 'quarantine.accept', { id: mutation.id })).toMatchObject({
    status: 'applied',
  });
  expect(await owner.list(orgId, 'submissions')).toHaveLength(1);
});

test('SY-10 work that is held keeps the time at which it was here, before the wait for the lock', async () => {
  const time = createHeldTime();
  // While it is, each look at the clock is a second later than the one before: the server waits for the lock, and works.
  let isBusy = false;
  const clock = {
    ...time.clock,
    nowMs: () => {
      if (isBusy) time.advance(1000);
      return time.clock.nowMs();
    },
  };
  const server = await startTestServer({ ports: { clock } });
  const organization = await TestOrganization.create(server.url);
  const { device: intern, engagementId, membershipId } = await organization.addIntern();
  const { orgId, owner } = organization;
  const task = await organization.assignTask(engagementId);
  const [active, held] = [1, 2].map(() =>
    intern.createMutation('submission.create', createSubmissionArgs(task, { note: createId() })),
  );
  const receive = async (mutation: typeof active) => {
    isBusy = true;
    await intern.push(orgId, mutation === undefined ? [] : [mutation]);
    isBusy = false;
    const [answer] = await listRecords(
      server,
      'select "receivedAt" from "mutationResults" where "mutationId" = ?',
      mutation?.id,
    );
    return answer?.['receivedAt'];
  };
  // What is sent with access is judged by the time at which the request was here.
  const hereAt = await receive(active);
  expect((await owner.list(orgId, 'submissions'))[0]).toMatchObject({ receivedAt: hereAt });
  await owner.apply(orgId, ['member.remove', { membershipId, reason: null }]);
  const heldHereAt = await receive(held);
  await owner.apply(orgId, ['quarantine.accept', { id: held?.id }]);
  const accepted = (await owner.list(orgId, 'submissions')).find(({ revision }) => revision === 2);
  expect(accepted).toMatchObject({ receivedAt: heldHereAt });
});

test('SY-10 the files of quarantined work may come, those alone, and are served to the employer once it is accepted', async () => {
  const { orgId, owner, intern, task } = await createScene();
  await owner.apply(orgId, remove(intern.membershipId));
  const { mutation, content, file } = createLateSubmission(intern, task);
  const upload = (bytes: Buffer) => uploadAs(intern.device, orgId, bytes);
  await expect(upload(content)).rejects.toMatchObject(forbidden);
  await intern.device.push(orgId, [mutation]);
  expect(
    await intern.device.request('POST', endpoints.missingFiles(orgId), {
      files: [{ sha256: file.sha256, sizeBytes: file.sizeBytes }],
    }),
  ).toEqual({ missing: [file.sha256] });
  await expect(upload(Buffer.from('something else'))).rejects.toMatchObject(forbidden);
  expect(await upload(content)).toMatchObject({ isComplete: true });
  await expect(
    intern.device.request('GET', endpoints.file(orgId, file.sha256)),
  ).rejects.toMatchObject(forbidden);
  await expect(owner.request('GET', endpoints.file(orgId, file.sha256))).rejects.toMatchObject({
    code: 'not_found',
  });
  await owner.apply(orgId, ['quarantine.accept', { id: mutation.id }]);
  const served = await owner.fetch(endpoints.file(orgId, file.sha256));
  expect(Buffer.from(await served.arrayBuffer())).toEqual(content);
  expect((await owner.list(orgId, 'submissions'))[0]?.['filesCompleteAt']).not.toBeNull();
});

test('SY-10 files may also come after the work was accepted, and not any more once it was declined', async () => {
  const { orgId, owner, intern, task } = await createScene();
  const second = await createSecondTask(owner, orgId, intern);
  await owner.apply(orgId, remove(intern.membershipId));
  const accepted = createLateSubmission(intern, task);
  const content = Buffer.from('another one');
  const declined = intern.device.createMutation(
    'submission.create',
    createSubmissionArgs(second, { files: [createManifestFile(content)] }),
  );
  await intern.device.push(orgId, [accepted.mutation, declined]);
  await owner.apply(
    orgId,
    ['quarantine.accept', { id: accepted.mutation.id }],
    ['quarantine.decline', { id: declined.id, reason: 'the project is over' }],
  );
  expect(await uploadContent(intern.device, orgId, accepted.content)).toMatchObject({
    isComplete: true,
  });
  expect((await owner.list(orgId, 'submissions'))[0]?.['filesCompleteAt']).not.toBeNull();
  await expect(uploadAs(intern.device, orgId, content)).rejects.toMatchObject(forbidden);
});

async function createSecondTask(owner: TestDevice, orgId: string, intern: TestIntern) {
  const ids = { taskId: createId(), briefVersionId: createId(), deadlineId: createId() };
  await owner.apply(orgId, [
    'task.assign',
    {
      ...ids,
      engagementId: intern.engagementId,
      title: 'Second',
      instructions: '',
      criteria: [],
      deadline: { wall: '2099-12-31T17:00', zone: 'Europe/Berlin' },
      estimateMinutes: null,
      references: [],
    },
  ]);
  return ids;
}

test('SY-10 what is declined is answered as refused, with the reason, and the first decision stands', async () => {
  const { orgId, owner, intern, task } = await createScene();
  await owner.apply(orgId, remove(intern.membershipId));
  const { mutation } = createLateSubmission(intern, task);
  await intern.device.push(orgId, [mutation]);
  expect(
    await owner.pushOne(orgId, 'quarantine.decline', { id: mutation.id, reason: ' ' }),
  ).toMatchObject({ status: 'rejected', code: 'invalid_input', field: 'reason' });
  const decline = { id: mutation.id, reason: 'too late for us' };
  await owner.apply(orgId, ['quarantine.decline', decline], ['quarantine.decline', decline]);
  expect(
    await owner.pushOne(orgId, 'quarantine.decline', { ...decline, reason: 'in other words' }),
  ).toMatchObject({ status: 'rejected', code: 'conflict' });
  const answer = await pushOne(intern.device, orgId, mutation);
  expect(answer).toMatchObject({ status: 'rejected', code: 'refused', repeated: true });
  expect(answer?.message).toContain('too late for us');
  expect(await owner.pushOne(orgId, 'quarantine.accept', { id: mutation.id })).toMatchObject({
    status: 'rejected',
    code: 'refused',
  });
  expect(await owner.list(orgId, 'submissions')).toEqual([]);
});

test('SY-10 what the rules refuse when it is accepted waits on, and says why', async () => {
  const { orgId, owner, intern, task } = await createScene();
  await owner.apply(orgId, remove(intern.membershipId));
  const edit = intern.device.createMutation('time.edit', {
    timeEntryId: createId(),
    patch: { note: 'x' },
    seen: {},
  });
  const add = intern.device.createMutation('time.add', {
    timeEntryId: createId(),
    taskId: task.taskId,
    startedAt: computeInstant(-7_200_000),
    endedAt: computeInstant(-3_600_000),
    zone: 'Europe/Berlin',
    source: 'manual',
    note: 'on the train',
  });
  expect((await intern.device.push(orgId, [edit, add])).results).toMatchObject([
    { status: 'quarantined' },
    { status: 'quarantined' },
  ]);
  await owner.apply(orgId, ['quarantine.accept', { id: edit.id }]);
  await owner.apply(orgId, ['quarantine.accept', { id: add.id }]);
  const held = await owner.list(orgId, 'quarantinedChanges');
  expect(held.find(({ id }) => id === edit.id)).toMatchObject({
    state: 'waiting',
    decidedBy: null,
    problem: expect.stringContaining('time entry'),
  });
  expect(await pushOne(intern.device, orgId, edit)).toMatchObject({ status: 'quarantined' });
  expect(await owner.list(orgId, 'timeEntries')).toMatchObject([
    { membershipId: intern.membershipId, note: 'on the train' },
  ]);
});

test('SY-10 interns neither see quarantined work nor decide on it', async () => {
  const { organization, orgId, owner, intern, task } = await createScene();
  const other = await organization.addIntern('Tom');
  await owner.apply(orgId, remove(intern.membershipId));
  const { mutation } = createLateSubmission(intern, task);
  await intern.device.push(orgId, [mutation]);
  expect(await other.device.list(orgId, 'quarantinedChanges')).toEqual([]);
  expect(await other.device.pushOne(orgId, 'quarantine.accept', { id: mutation.id })).toMatchObject(
    {
      status: 'rejected',
      code: 'forbidden',
    },
  );
  for (const name of ['quarantine.hold', 'quarantine.return'])
    expect(await owner.pushOne(orgId, name, { id: mutation.id, problem: 'x' })).toMatchObject({
      status: 'rejected',
    });
});

test('SY-10 who accepts a new invitation has access again, with the same membership', async () => {
  const { organization, orgId, owner, intern } = await createScene();
  await owner.apply(orgId, remove(intern.membershipId));
  const { code, engagementId } = await organization.invite();
  const { membership } = await intern.device.request<{ membership: { membershipId: string } }>(
    'POST',
    endpoints.acceptInvitation,
    { code, membershipId: createId() },
  );
  expect(membership.membershipId).toBe(intern.membershipId);
  const { scopes } = await intern.device.pull(orgId);
  expect(scopes.map(({ scope }) => scope)).toContain(`engagement:${engagementId}`);
});

test('SY-9 the files of what was handed in before access ended follow after it, and no others', async () => {
  const { orgId, owner, intern, task } = await createScene();
  const [handedIn, drafted] = [Buffer.from('the findings'), Buffer.from('a draft')];
  const files = [createManifestFile(handedIn)];
  await intern.device.apply(orgId, ['submission.create', createSubmissionArgs(task, { files })]);
  const file = createManifestFile(drafted);
  await intern.device.apply(orgId, ['draft.attach', { taskId: task.taskId, file }]);
  await owner.apply(orgId, remove(intern.membershipId));
  await expect(uploadAs(intern.device, orgId, drafted)).rejects.toMatchObject(forbidden);
  await uploadAs(intern.device, orgId, handedIn);
  const [submission] = await owner.list(orgId, 'submissions');
  expect(submission?.['filesCompleteAt']).not.toBeNull();
  // Once it is there, nothing is left to be given; that it is there is told.
  await expect(uploadAs(intern.device, orgId, handedIn)).rejects.toMatchObject(forbidden);
  const asked = [handedIn, drafted].map((content) => ({
    sha256: computeSha256(content),
    sizeBytes: content.byteLength,
  }));
  const told = await intern.device.request('POST', endpoints.missingFiles(orgId), { files: asked });
  expect(told).toEqual({ missing: [computeSha256(drafted)] });
  expect(await intern.device.request('GET', endpoints.wantedFiles(orgId))).toEqual({ wanted: [] });
});
