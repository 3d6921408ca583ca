import { expect, test } from 'vitest';
import type { MembershipResponse } from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { ChainCheck } from '../../../src/shared/domain/log-chain.ts';
import { type HistoryPage, privateActName } from '../../../src/shared/protocol/history.ts';
import { addManager } from '../../support/server/add-manager.ts';
import { runStatement } from '../../support/server/test-database.ts';
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

test('a person or an organization is not renamed to what cannot be seen, by an older device either', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const refused = { status: 'rejected', code: 'invalid_input' };
  for (const name of ['\u200b\u200b', 'Talkorn\u2028Two']) {
    const rename = { name, seenName: 'Talkorn' };
    expect(await owner.pushOne(orgId, 'organization.rename', rename)).toMatchObject({
      ...refused,
      field: 'name',
    });
    const profile = { displayName: name, timeZone: 'Europe/Berlin' };
    expect(await owner.pushOne(orgId, 'member.updateProfile', profile)).toMatchObject({
      ...refused,
      field: 'displayName',
    });
  }
  expect(await owner.list(orgId, 'organizations')).toMatchObject([{ name: 'Talkorn' }]);
});
