import { expect, test } from 'vitest';
import { checkServer } from '../../../src/server/check/check-server.ts';
import { erasedName } from '../../../src/shared/domain/erasure.ts';
import { ChainCheck } from '../../../src/shared/domain/log-chain.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { HistoryPage } from '../../../src/shared/protocol/history.ts';
import { protocolHeader } from '../../../src/shared/protocol/version.ts';
import { addManager } from '../../support/server/add-manager.ts';
import { openPokeStream } from '../../support/server/poke-stream.ts';
import { listRecords } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { computeInstant, computeSha256, createId } from '../../support/server/test-ids.ts';
import { createSubmissionArgs, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const password = 'correct horse battery';
const accountClosed = { status: 401, code: 'account_closed' };

const close = (device: TestDevice, more: object = {}) =>
  device.request('POST', endpoints.closeAccount, { password, ...more });

test('a closed account has left everything: no device, no name, no address, and what was handed in stays', async () => {
  const server = await startTestServer();
  const { url } = server;
  const organization = await TestOrganization.create(url);
  const { owner, orgId } = organization;
  const { device: laptop, engagementId, membershipId } = await organization.addIntern('Ida Lind');
  const account = await laptop.request<{ accountId: string; email: string }>(
    'GET',
    endpoints.account,
  );
  const desk = new TestDevice(url);
  await desk.signIn(account.email, password);
  const { taskId, ...task } = await organization.assignTask(engagementId);
  const handedIn = createSubmissionArgs({ taskId, ...task });
  await laptop.apply(orgId, ['submission.create', handedIn]);
  const elsewhere = await TestOrganization.create(url, 'Elsewhere');
  const second = await elsewhere.invite();
  await laptop.request('POST', endpoints.acceptInvitation, {
    code: second.code,
    membershipId: createId(),
  });
  await laptop.request('POST', endpoints.calendar, {});
  const stream = await openPokeStream(desk);

  await expect(close(laptop, { password: 'not the password' })).rejects.toMatchObject({
    status: 401,
    code: 'wrong_password',
    field: 'password',
  });
  await laptop.pull(orgId);

  await close(laptop, { asksErasure: true });
  await stream.ended;
  for (const device of [laptop, desk]) {
    await expect(device.request('GET', endpoints.account)).rejects.toMatchObject(accountClosed);
    await expect(device.pull(orgId)).rejects.toMatchObject(accountClosed);
    await expect(close(device)).rejects.toMatchObject(accountClosed);
  }
  await expect(new TestDevice(url).signIn(account.email, password)).rejects.toMatchObject({
    code: 'wrong_password',
  });
  expect(await listRecords(server, 'select * from "accounts"')).toContainEqual(
    expect.objectContaining({
      id: account.accountId,
      // Under an address that nobody can know, and take before.
      email: expect.stringMatching(/^erased-[0-9a-f-]{36}@erased\.invalid$/),
      name: '',
      timeZone: 'UTC',
      closedAt: expect.any(String),
    }),
  );
  expect(
    (await listRecords(server, 'select * from "sessions"')).filter(
      (session) => session['accountId'] === account.accountId,
    ),
  ).toEqual([
    expect.objectContaining({ deviceName: '', revokedAt: expect.any(String) }),
    expect.objectContaining({ deviceName: '', revokedAt: expect.any(String) }),
  ]);
  expect(await listRecords(server, 'select * from "calendarFeeds"')).toEqual([]);

  // Both organizations see that the person left and asks for erasure; the work is there.
  for (const { owner: device, orgId: id } of [organization, elsewhere])
    expect(await device.list(id, 'memberships')).toContainEqual(
      expect.objectContaining({ status: 'removed', erasureAskedAt: expect.any(String) }),
    );
  expect(await owner.list(orgId, 'submissions')).toHaveLength(1);
  expect(await owner.list(orgId, 'engagements')).toContainEqual(
    expect.objectContaining({ id: engagementId, status: 'withdrawn', endReason: 'intern_left' }),
  );
  await owner.apply(orgId, ['member.erase', { membershipId }]);
  expect(await owner.list(orgId, 'memberships')).toContainEqual(
    expect.objectContaining({ id: membershipId, displayName: erasedName }),
  );

  // The log is still one chain, and the address is free for somebody who begins anew.
  const page = await owner.request<HistoryPage>('GET', endpoints.history(orgId));
  const chain = new ChainCheck(computeSha256);
  expect(page.entries.map((entry) => chain.follow(entry))).toEqual(
    page.entries.map(() => undefined),
  );
  const { dataFolder, databaseUrl } = server;
  expect((await checkServer({ dataFolder, databaseUrl })).problems).toEqual([]);
  const anew = new TestDevice(url);
  const fresh = await anew.register('Ida Lind', { email: account.email });
  expect(fresh.accountId).not.toBe(account.accountId);
  expect(fresh.memberships).toEqual([]);
});

test('the last owner among others keeps the account until somebody else is owner, and nothing is left half-way', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId } = organization;
  const manager = await addManager(organization, 'Max');
  const elsewhere = await TestOrganization.create(url, 'Elsewhere');
  const { code } = await elsewhere.invite();
  await owner.request('POST', endpoints.acceptInvitation, { code, membershipId: createId() });

  const refusal: unknown = await close(owner).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ status: 409, code: 'refused' });
  expect((refusal as Error).message).toContain('last owner of Talkorn');
  // Neither was the other organization left.
  await owner.pull(elsewhere.orgId);

  await owner.apply(orgId, [
    'member.setRole',
    { membershipId: manager.membershipId, role: 'owner' },
  ]);
  await close(owner);
  await expect(owner.pull(orgId)).rejects.toMatchObject(accountClosed);
  await manager.device.apply(orgId, [
    'organization.rename',
    { name: 'Theirs', seenName: 'Talkorn' },
  ]);
});

test('whoever is alone in an organization may close the account: nobody gets in any more, and the name goes at once', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId, ownerMembershipId } = organization;
  const { code } = await organization.invite();
  await close(owner, { asksErasure: true });
  const stranger = new TestDevice(server.url);
  await stranger.register('Tom');
  await expect(
    stranger.request('POST', endpoints.acceptInvitation, { code, membershipId: createId() }),
  ).rejects.toMatchObject({ code: 'invitation_withdrawn' });
  const memberships = await listRecords(server, 'select * from "memberships"');
  expect(memberships.find(({ id, orgId: of }) => id === ownerMembershipId && of === orgId)).toEqual(
    expect.objectContaining({ status: 'removed', displayName: erasedName }),
  );
});

test('a wish to be erased is fulfilled by the server where nobody is left who could, and reaches organizations left before', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId, ownerMembershipId } = organization;
  const { device: intern, membershipId } = await organization.addIntern('Ida Lind');
  const manager = await addManager(organization, 'Max');
  await owner.apply(orgId, ['member.remove', { membershipId, reason: null }]);
  await close(intern, { asksErasure: true });
  await manager.device.apply(orgId, ['member.leave', { asksErasure: true }]);
  const seen = await owner.list(orgId, 'memberships');
  for (const id of [membershipId, manager.membershipId])
    expect(seen).toContainEqual(
      expect.objectContaining({ id, erasureAskedAt: expect.any(String), erasedAt: null }),
    );

  await owner.apply(orgId, ['member.leave', { asksErasure: false }]);
  const left = await listRecords(server, 'select * from "memberships"');
  for (const id of [membershipId, manager.membershipId])
    expect(left).toContainEqual(
      expect.objectContaining({ id, displayName: erasedName, erasedAt: expect.any(String) }),
    );
  expect(left).toContainEqual(expect.objectContaining({ id: ownerMembershipId, erasedAt: null }));
});

test("what follows in the push with which somebody leaves is no longer a member's", async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { owner, orgId, ownerMembershipId } = organization;
  const manager = await addManager(organization, 'Max');
  const invite = () => ({
    invitationId: createId(),
    codeHash: computeSha256(createId()),
    invitedName: 'Tom',
    expiresAt: computeInstant(86_400_000),
  });
  const pushTwo = async (
    device: TestDevice,
    ...changes: readonly [name: string, args: unknown][]
  ): Promise<string[]> => {
    const { results } = await device.push(
      orgId,
      changes.map(([name, args]) => device.createMutation(name, args)),
    );
    return results.map(({ status }) => status);
  };
  expect(
    await pushTwo(manager.device, ['member.leave', {}], ['member.inviteManager', invite()]),
  ).toEqual(['applied', 'rejected']);
  const other = await addManager(organization, 'Mia');
  await owner.apply(orgId, ['member.setRole', { membershipId: other.membershipId, role: 'owner' }]);
  expect(
    await pushTwo(
      owner,
      ['member.setRole', { membershipId: ownerMembershipId, role: 'manager' }],
      ['organization.rename', { name: 'Mine', seenName: 'Talkorn' }],
    ),
  ).toEqual(['applied', 'rejected']);
});

test('a server by invitation lets the first person in again where every account was closed', async () => {
  const { url } = await startTestServer({ signup: 'invitation' });
  const first = new TestDevice(url);
  await first.register('Olga');
  await expect(new TestDevice(url).register('Tom')).rejects.toMatchObject({
    code: 'signup_closed',
  });
  await close(first);
  await new TestDevice(url).register('Tom');
});

test('SY-20 a program that knows no closed accounts is answered as one whose session was ended', async () => {
  const { url } = await startTestServer();
  const device = new TestDevice(url);
  await device.register('Ida');
  await close(device);
  const ask = async (version: string): Promise<unknown> => {
    const response = await device.fetch(endpoints.account, {
      headers: { [protocolHeader]: version },
    });
    return ((await response.json()) as { error: { code: string } }).error.code;
  };
  expect(await ask('2')).toBe('not_signed_in');
  expect(await ask('3')).toBe('account_closed');
});

test('passwords are tried a few times only', async () => {
  const { url } = await startTestServer({
    rateLimits: {
      perAddress: { burst: 100, perMinute: 1 },
      perEmail: { burst: 3, perMinute: 1 },
    },
  });
  const device = new TestDevice(url);
  await device.register('Ida');
  const codes: string[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1)
    await close(device, { password: 'guess' }).catch((error: { code: string }) =>
      codes.push(error.code),
    );
  expect(codes).toEqual([
    'wrong_password',
    'wrong_password',
    'wrong_password',
    'rate_limited',
    'rate_limited',
  ]);
});
