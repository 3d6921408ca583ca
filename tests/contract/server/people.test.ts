import { expect, test } from 'vitest';
import { checkServer } from '../../../src/server/check/check-server.ts';
import { computeErasedEmail, erasedName } from '../../../src/shared/domain/erasure.ts';
import type { MembershipResponse } from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { ChainCheck } from '../../../src/shared/domain/log-chain.ts';
import { type HistoryPage, privateActName } from '../../../src/shared/protocol/history.ts';
import { addManager } from '../../support/server/add-manager.ts';
import { listRecords, runStatement } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import {
  computeInstant,
  computeSha256,
  createId,
  createInvitationCode,
} from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

const readHistory = (device: TestDevice, orgId: string, query = '') =>
  device.request<HistoryPage>('GET', `${endpoints.history(orgId)}${query}`);

test('ownership is handed over: a manager becomes owner, the owner a manager, and the last owner stays', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId, ownerMembershipId } = organization;
  const manager = await addManager(organization, 'Max');
  const alone = await owner.pushOne(orgId, 'member.setRole', {
    membershipId: ownerMembershipId,
    role: 'manager',
  });
  expect(alone).toMatchObject({ status: 'rejected', code: 'refused' });
  expect(alone.message).toContain('last owner');
  expect(
    await manager.device.pushOne(orgId, 'member.setRole', {
      membershipId: manager.membershipId,
      role: 'owner',
    }),
  ).toMatchObject({ status: 'rejected', code: 'forbidden' });

  await owner.apply(
    orgId,
    ['member.setRole', { membershipId: manager.membershipId, role: 'owner' }],
    ['member.setRole', { membershipId: ownerMembershipId, role: 'manager' }],
  );
  // What an owner alone may do is theirs from now on, and no longer the other's.
  expect(
    await owner.pushOne(orgId, 'organization.rename', { name: 'Mine', seenName: 'Talkorn' }),
  ).toMatchObject({ code: 'forbidden' });
  await manager.device.apply(orgId, [
    'organization.rename',
    { name: 'Theirs', seenName: 'Talkorn' },
  ]);
  // And the one who handed over may leave.
  await owner.apply(orgId, ['member.leave', {}]);
  await expect(owner.pull(orgId)).rejects.toMatchObject({ status: 403 });
});

test('an owner who left comes back by the invitation that there is for employers, as a manager', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId, ownerMembershipId } = organization;
  const manager = await addManager(organization, 'Max');
  await owner.apply(orgId, [
    'member.setRole',
    { membershipId: manager.membershipId, role: 'owner' },
  ]);
  await owner.apply(orgId, ['member.leave', { asksErasure: true }]);
  const code = createInvitationCode();
  const invitation = {
    invitationId: createId(),
    codeHash: computeSha256(code),
    invitedName: 'Ada',
    expiresAt: computeInstant(86_400_000),
  };
  await manager.device.apply(orgId, ['member.inviteManager', invitation]);
  const { membership } = await owner.request<MembershipResponse>(
    'POST',
    endpoints.acceptInvitation,
    { code, membershipId: createId() },
  );
  expect(membership).toMatchObject({ membershipId: ownerMembershipId, role: 'manager' });
  expect(await owner.list(orgId, 'memberships')).toContainEqual(
    expect.objectContaining({
      id: ownerMembershipId,
      role: 'manager',
      status: 'active',
      erasureAskedAt: null,
    }),
  );
  // Owner they become again as everybody does: by another owner's word.
  expect(
    await owner.pushOne(orgId, 'organization.rename', { name: 'Mine', seenName: 'Talkorn' }),
  ).toMatchObject({ code: 'forbidden' });
  await manager.device.apply(orgId, [
    'member.setRole',
    { membershipId: ownerMembershipId, role: 'owner' },
  ]);
});

test('an intern keeps their role, leaves by themselves, and their active engagements end', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId } = organization;
  const intern = await organization.addIntern();
  const refused = await owner.pushOne(orgId, 'member.setRole', {
    membershipId: intern.membershipId,
    role: 'manager',
  });
  expect(refused).toMatchObject({ code: 'refused' });
  expect(refused.message).toContain('is an intern here');
  await intern.device.apply(orgId, ['member.leave', { asksErasure: true }]);
  await expect(intern.device.pull(orgId)).rejects.toMatchObject({ status: 403 });
  expect(await owner.list(orgId, 'engagements')).toEqual([
    expect.objectContaining({
      id: intern.engagementId,
      status: 'withdrawn',
      endReason: 'intern_left',
    }),
  ]);
  // Whose data are to be erased is there for the owner to see, until it is done.
  expect(await owner.list(orgId, 'memberships')).toContainEqual(
    expect.objectContaining({
      id: intern.membershipId,
      status: 'removed',
      erasureAskedAt: expect.stringMatching(/^20/),
    }),
  );
  // Nor does another role open to them by an invitation, which says that they belong here no more.
  const code = createInvitationCode();
  await owner.apply(orgId, [
    'member.inviteManager',
    {
      invitationId: createId(),
      codeHash: computeSha256(code),
      invitedName: 'Ida',
      expiresAt: computeInstant(86_400_000),
    },
  ]);
  await expect(
    intern.device.request('POST', endpoints.acceptInvitation, { code, membershipId: createId() }),
  ).rejects.toMatchObject({
    status: 409,
    code: 'conflict',
    message: expect.stringContaining(
      'you belonged to this organization as intern until your access ended',
    ) as string,
  });
  await owner.apply(orgId, ['member.erase', { membershipId: intern.membershipId }]);
});

test('an engagement says why it is over; whoever comes second finds it over, and the reason stays', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId } = organization;
  const [done, early, removed] = [
    await organization.addIntern('Ada'),
    await organization.addIntern('Bea'),
    await organization.addIntern('Cleo'),
  ];
  const end = (name: string, args: object, version = 2) =>
    owner.createMutation(name, args, { version });
  const completed = { engagementId: done.engagementId };
  const ended = { engagementId: early.engagementId };
  const { results } = await owner.push(orgId, [
    end('engagement.complete', completed),
    end('engagement.complete', completed),
    end('engagement.withdraw', completed),
    end('engagement.withdraw', ended),
    // An older Stint knows no reasons, and takes none away.
    end('engagement.withdraw', ended, 1),
    end('member.remove', { membershipId: removed.membershipId, reason: null }),
    end('member.remove', { membershipId: early.membershipId, reason: null }),
  ]);
  expect(results.map(({ code }) => code)).toEqual([null, null, 'refused', null, null, null, null]);
  const engagements = await owner.list(orgId, 'engagements');
  const reasons = new Map(engagements.map((row) => [row['id'], row['endReason']]));
  expect(reasons.get(done.engagementId)).toBe('completed');
  expect(reasons.get(early.engagementId)).toBe('ended_early');
  expect(reasons.get(removed.engagementId)).toBe('access_ended');
});

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

test('the history is whole for employers, their own acts for interns, and private arguments are nobody else’s', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId } = organization;
  const intern = await organization.addIntern();
  const task = await organization.assignTask(intern.engagementId);
  await intern.device.apply(orgId, [
    'draft.writeNote',
    { taskId: task.taskId, note: 'private words' },
  ]);

  const seen = await readHistory(owner, orgId);
  expect(seen).toMatchObject({ isFromStart: true, complete: true });
  expect(seen.entries.map(({ seq }) => seq)).toEqual(seen.entries.map((_, index) => index + 1));
  const hidden = seen.entries.at(-1);
  expect(hidden).toMatchObject({
    name: privateActName,
    argsJson: null,
    deviceId: null,
    deviceName: null,
    claimedAt: hidden?.receivedAt,
  });
  expect(JSON.stringify(seen)).not.toMatch(/private words|draft\.|writeNote/);
  // It holds its place in the chain all the same.
  const chain = new ChainCheck(computeSha256);
  expect(seen.entries.map((entry) => chain.follow(entry))).toEqual(
    seen.entries.map(() => undefined),
  );

  const own = await readHistory(intern.device, orgId);
  expect(own.entries.map(({ name }) => name)).toEqual(['invitation.accept', 'draft.writeNote']);
  expect(own.entries.at(-1)?.argsJson).toContain('private words');

  const { seq, hash } = seen.reached;
  await owner.apply(orgId, ['task.cancel', { taskId: task.taskId }]);
  const more = await readHistory(owner, orgId, `?after=${seq}&afterHash=${hash}`);
  expect(more).toMatchObject({ isFromStart: false });
  expect(more.entries.map(({ name }) => name)).toEqual(['task.cancel']);
  // An entry that this server does not have so: it was restored from a backup.
  const other = computeSha256('another history');
  const again = await readHistory(owner, orgId, `?after=${seq}&afterHash=${other}`);
  expect(again).toMatchObject({ isFromStart: true });
  expect(again.entries).toHaveLength(seq + 1);
});

test('that a file came for a draft is its person’s alone in the history, until the work is handed in with it', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId } = organization;
  const { device, membershipId, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const content = Buffer.from('a draft of the findings');
  const file = createManifestFile(content);
  await device.apply(orgId, ['draft.attach', { taskId: task.taskId, file }]);
  await uploadContent(device, orgId, content);
  const listArrivals = async (reader: TestDevice) => {
    const { entries } = await readHistory(reader, orgId);
    return entries.filter(({ argsJson }) => argsJson?.includes(file.sha256) === true);
  };
  expect(await listArrivals(owner)).toEqual([]);
  const { entries } = await readHistory(owner, orgId);
  expect(entries.at(-1)).toMatchObject({
    name: privateActName,
    actorMembershipId: membershipId,
    claimedAt: entries.at(-1)?.receivedAt,
  });
  expect((await listArrivals(device)).map(({ name }) => name)).toEqual([
    'draft.attach',
    'file.arrived',
  ]);

  const files = [{ ...file, attachmentId: createId() }];
  await device.apply(orgId, ['submission.create', createSubmissionArgs(task, { files })]);
  expect((await listArrivals(owner)).map(({ name }) => name)).toEqual([
    'file.arrived',
    'submission.create',
  ]);
});

test('the history names a device as the account called it that used it there, whatever another account calls it', async () => {
  const { url } = await startTestServer();
  const { owner, orgId } = await TestOrganization.create(url);
  const stranger = new TestDevice(url, owner.deviceId);
  await stranger.request('POST', endpoints.register, {
    email: 'stranger@example.org',
    password: 'correct horse battery',
    name: 'Stranger',
    timeZone: 'Europe/Berlin',
    device: { deviceId: owner.deviceId, deviceName: 'Stolen laptop' },
    invitationCode: null,
  });
  const { entries } = await readHistory(owner, orgId);
  expect(entries.map(({ deviceName }) => deviceName)).toEqual([null, 'Test laptop']);
});

test('a page of the history ends early where the arguments are long, and the next one goes on', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId } = organization;
  const { device, engagementId } = await organization.addIntern();
  const { taskId } = await organization.assignTask(engagementId);
  const note = 'n'.repeat(199_990);
  for (let count = 0; count < 14; count += 1)
    await device.apply(orgId, ['draft.writeNote', { taskId, note: `${note}${count}` }]);
  const first = await readHistory(device, orgId);
  expect(first.complete).toBe(false);
  expect(JSON.stringify(first).length).toBeLessThan(2.2 * 1024 * 1024);
  const { seq, hash } = first.reached;
  const second = await readHistory(device, orgId, `?after=${seq}&afterHash=${hash}`);
  expect(second).toMatchObject({ isFromStart: false, complete: true });
  expect([...first.entries, ...second.entries].map(({ name }) => name)).toEqual([
    'invitation.accept',
    ...Array.from({ length: 14 }, () => 'draft.writeNote'),
  ]);
});

test('an organization that a person does not belong to answers as one that does not exist', async () => {
  const { url } = await startTestServer();
  const { orgId } = await TestOrganization.create(url);
  const { owner: stranger } = await TestOrganization.create(url, 'Elsewhere');
  const ask = async (id: string) => {
    const response = await stranger.fetch(endpoints.history(id));
    return { status: response.status, body: await response.text() };
  };
  expect(await ask(orgId)).toEqual(await ask(createId()));
  expect((await ask(orgId)).status).toBe(403);
});

test('a changed line of the log is found by whoever has the exported history', async () => {
  const server = await startTestServer();
  const { owner, orgId } = await TestOrganization.create(server.url);
  await runStatement(server, `update "mutationLog" set "argsJson" = '{}' where "seq" = 2`);
  const { entries } = await readHistory(owner, orgId);
  const chain = new ChainCheck(computeSha256);
  const problems = entries.map((entry) => chain.follow(entry));
  expect(problems[0]).toBeUndefined();
  expect(problems[1]).toContain('entry 2 has other arguments than its hash says');
});
