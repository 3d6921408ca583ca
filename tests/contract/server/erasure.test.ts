import { expect, test } from 'vitest';
import { checkServer } from '../../../src/server/check/check-server.ts';
import { computeErasedEmail, erasedName } from '../../../src/shared/domain/erasure.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { HistoryPage } from '../../../src/shared/protocol/history.ts';
import { listRecords, runStatement } from '../../support/server/test-database.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeInstant, computeSha256, createId } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const readHistory = (device: TestDevice, orgId: string) =>
  device.request<HistoryPage>('GET', endpoints.history(orgId));

test('erasing a person takes their name out of rows and log, and leaves the work, the hours and one chain', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  const canary = 'Quirina-7f3a';
  const intern = await organization.addIntern(canary);
  const task = await organization.assignTask(intern.engagementId);
  await intern.device.apply(
    orgId,
    ['draft.writeNote', { taskId: task.taskId, note: `private words of ${canary}` }],
    [
      'time.add',
      {
        timeEntryId: createId(),
        taskId: task.taskId,
        startedAt: '2026-03-01T09:00:00.000Z',
        endedAt: '2026-03-01T10:00:00.000Z',
        zone: 'Europe/Berlin',
        source: 'manual',
        note: '',
      },
    ],
    ['submission.create', createSubmissionArgs(task)],
  );
  const early = await owner.pushOne(orgId, 'member.erase', { membershipId: intern.membershipId });
  expect(early).toMatchObject({ code: 'refused' });
  await owner.apply(
    orgId,
    ['member.remove', { membershipId: intern.membershipId, reason: `${canary} asked for it` }],
    ['member.erase', { membershipId: intern.membershipId }],
  );

  expect(await owner.list(orgId, 'memberships')).toContainEqual(
    expect.objectContaining({
      id: intern.membershipId,
      displayName: erasedName,
      email: computeErasedEmail(intern.membershipId),
    }),
  );
  expect(await owner.list(orgId, 'submissions')).toHaveLength(1);
  expect(await owner.list(orgId, 'timeEntries')).toHaveLength(1);
  expect(JSON.stringify(await owner.pull(orgId))).not.toContain(canary);
  const history = await readHistory(owner, orgId);
  expect(JSON.stringify(history)).not.toContain(canary);
  expect(history.entries.some(({ name }) => name === 'submission.create')).toBe(true);
  // Nor do the answers that are kept for whoever asks again.
  const answers = await listRecords(server, 'select "code", "message" from "mutationResults"');
  expect(JSON.stringify(answers)).not.toContain(canary);
  expect(answers).toContainEqual({
    code: 'refused',
    message: 'this was refused; whom it was about is not said any more',
  });
  const { dataFolder, databaseUrl } = server;
  expect((await checkServer({ dataFolder, databaseUrl })).problems).toEqual([]);
});

test('erasing a person takes them out of the invitations that they let expire as well, by the address, and no others', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId } = organization;
  const { device, membershipId } = await organization.addIntern('Ida');
  const members = await owner.list(orgId, 'memberships');
  const email = members.find(({ id }) => id === membershipId)?.['email'];
  const earlier = { invitedName: 'Quirina', invitedEmail: email, expiresAt: computeInstant(-1000) };
  const { invitationId } = await organization.invite(earlier);
  const other = { invitedName: 'Otto', invitedEmail: 'otto@example.org' };
  await organization.invite(other);
  await device.apply(orgId, ['member.leave', { asksErasure: true }]);
  await owner.apply(orgId, ['member.erase', { membershipId }]);

  const pulled = JSON.stringify(await owner.pull(orgId));
  const { entries } = await readHistory(owner, orgId);
  for (const text of [pulled, JSON.stringify(entries)]) {
    expect(text).not.toContain('Quirina');
    expect(text).not.toContain(email);
    expect(text).toContain('otto@example.org');
  }
  expect(await owner.list(orgId, 'invitations')).toContainEqual(
    expect.objectContaining({ id: invitationId, invitedName: erasedName, acceptedBy: null }),
  );
});

test('erasing a person takes their name out of the records of their bundles, and leaves those of others', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  const [intern, other] = [await organization.addIntern(), await organization.addIntern('Otto')];
  const record = (fileName: string, ...engagementIds: string[]): [string, unknown] => [
    'bundle.record',
    {
      exportId: createId(),
      engagementIds,
      fileName,
      sizeBytes: 1,
      sha256: computeSha256(fileName),
      contents: { revisions: 'all', hours: true, evaluations: false, namesRedacted: false },
    },
  ];
  await owner.apply(
    orgId,
    record('research-quirina-2026-03-01.zip', intern.engagementId),
    record('research-2026-03-01.zip', intern.engagementId, other.engagementId),
    record('research-otto-2026-03-01.zip', other.engagementId),
    ['member.remove', { membershipId: intern.membershipId, reason: null }],
    ['member.erase', { membershipId: intern.membershipId }],
  );
  const names = (await owner.list(orgId, 'bundleExports')).map(({ fileName }) => String(fileName));
  expect(names.toSorted()).toEqual([
    'erased.zip',
    'research-2026-03-01.zip',
    'research-otto-2026-03-01.zip',
  ]);
  const { entries } = await readHistory(owner, orgId);
  expect(JSON.stringify(entries)).not.toContain('quirina');
  const recorded = entries.filter(({ name }) => name === 'bundle.record');
  expect(recorded.map(({ argsJson }) => argsJson === null)).toEqual([true, false, false]);
  const { dataFolder, databaseUrl } = server;
  expect((await checkServer({ dataFolder, databaseUrl })).problems).toEqual([]);
});

test('the history names no device of an erased person: a computer is often called by whom it belongs to', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  const { device, membershipId, engagementId } = await organization.addIntern();
  const { taskId } = await organization.assignTask(engagementId);
  await device.apply(orgId, ['question.ask', { questionId: createId(), taskId, text: 'Where?' }]);
  await runStatement(
    server,
    `update "sessions" set "deviceName" = 'Quirinas-MacBook' where "deviceId" = '${device.deviceId}'`,
  );
  const listDevices = async () => {
    const { entries } = await readHistory(owner, orgId);
    return entries
      .filter(({ actorMembershipId }) => actorMembershipId === membershipId)
      .map(({ deviceName }) => deviceName);
  };
  expect(await listDevices()).toEqual([null, 'Quirinas-MacBook']);
  await owner.apply(
    orgId,
    ['member.remove', { membershipId, reason: null }],
    ['member.erase', { membershipId }],
  );
  expect(await listDevices()).toEqual([null, null]);
  const { entries } = await readHistory(owner, orgId);
  expect(entries.at(-1)).toMatchObject({ name: 'member.erase', deviceName: 'Test laptop' });
});

test('erasing a person takes the names of all files of their drafts, also of those that they had removed before', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  const intern = await organization.addIntern();
  const task = await organization.assignTask(intern.engagementId);
  const files = ['Quirina CV.pdf', 'Quirina diagnosis.pdf'].map((name) =>
    createManifestFile(Buffer.from(name), name),
  );
  await intern.device.apply(
    orgId,
    ...files.map((file): [string, unknown] => ['draft.attach', { taskId: task.taskId, file }]),
    ['draft.detach', { attachmentId: files[1]?.attachmentId, detached: true }],
  );
  const listFiles = () =>
    listRecords(
      server,
      `select "name", "removedAt" from "attachments" where "ownerKind" = 'draft' order by "removedAt"`,
    );
  const removed = (await listFiles()).find(({ removedAt }) => removedAt !== null);
  expect(removed).toMatchObject({ name: 'Quirina diagnosis.pdf' });
  await owner.apply(
    orgId,
    ['member.remove', { membershipId: intern.membershipId, reason: null }],
    ['member.erase', { membershipId: intern.membershipId }],
  );
  expect(await listFiles()).toEqual([
    { name: 'erased', removedAt: removed?.['removedAt'] },
    { name: 'erased', removedAt: expect.any(String) },
  ]);
});

test('a server that starts takes out what an older version left of the names of an erased person, and nothing else', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  const [intern, other] = [await organization.addIntern(), await organization.addIntern('Otto')];
  for (const { device, engagementId } of [intern, other]) {
    const task = await organization.assignTask(engagementId);
    const file = createManifestFile(Buffer.from(engagementId), `${engagementId}.pdf`);
    await device.apply(
      orgId,
      ['draft.attach', { taskId: task.taskId, file }],
      ['draft.detach', { attachmentId: file.attachmentId, detached: true }],
    );
  }
  await owner.apply(
    orgId,
    ['member.remove', { membershipId: intern.membershipId, reason: null }],
    ['member.erase', { membershipId: intern.membershipId }],
  );
  const listNames = async () =>
    (await listRecords(server, 'select "name" from "attachments"'))
      .map(({ name }) => String(name))
      .toSorted();
  const kept = `${other.engagementId}.pdf`;
  expect(await listNames()).toEqual([kept, 'erased'].toSorted());
  // As it was left by the version before.
  await runStatement(server, `update "attachments" set "name" = 'Ida.pdf' where "name" = 'erased'`);
  await runStatement(
    server,
    `delete from "kysely_migration" where "name" >= '0004-erased-draft-names'`,
  );
  await server.restart();
  expect(await listNames()).toEqual([kept, 'erased'].toSorted());
});

test('who was erased and joins again is called by their name again', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId } = organization;
  const intern = await organization.addIntern('Ida');
  await owner.apply(
    orgId,
    ['member.remove', { membershipId: intern.membershipId, reason: null }],
    ['member.erase', { membershipId: intern.membershipId }],
  );
  const { code } = await organization.invite();
  await intern.device.request('POST', endpoints.acceptInvitation, {
    code,
    membershipId: intern.membershipId,
  });
  expect(await owner.list(orgId, 'memberships')).toContainEqual(
    expect.objectContaining({ id: intern.membershipId, displayName: 'Ida', erasedAt: null }),
  );
});
