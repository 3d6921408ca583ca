import { request as sendRequest } from 'node:http';
import { expect, test } from 'vitest';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { PushResult } from '../../../src/shared/protocol/push.ts';
import { oldestPullVersion, protocolHeader } from '../../../src/shared/protocol/version.ts';
import { listRecords, runStatement } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import {
  computeInstant,
  computeSha256,
  createId,
  createInvitationCode,
} from '../../support/server/test-ids.ts';
import {
  createSubmissionArgs,
  testProjectTerms,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const unknownHead = { seq: 3, hash: 'f'.repeat(64) };

const createTimeArgs = (taskId: string) => ({
  timeEntryId: createId(),
  taskId,
  startedAt: computeInstant(-3_600_000),
  endedAt: computeInstant(),
  zone: 'Europe/Berlin',
  source: 'timer',
  note: '',
});

async function startWithRemoved() {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const { device, engagementId, membershipId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  await owner.apply(orgId, ['member.remove', { membershipId, reason: null }]);
  return { server, organization, orgId, owner, device, membershipId, ...task };
}

const profileArgs = { displayName: 'Ida B.', timeZone: 'Europe/Berlin' };

/** Sends a body in pieces, and waits for `between` before the last one. */
async function postInPieces(
  device: TestDevice,
  path: string,
  body: string,
  between: () => Promise<unknown> = async () => {},
): Promise<{ status: number; text: string }> {
  return await new Promise((resolve, reject) => {
    const request = sendRequest(
      `${device.baseUrl}${path}`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${device.token}`,
          'content-type': 'application/json',
          'transfer-encoding': 'chunked',
        },
      },
      (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    request.on('error', reject);
    request.write(body.slice(0, 10), () => {
      between().then(() => request.end(body.slice(10)), reject);
    });
  });
}

test('SY-10 who lost access hears the answers to what they sent, and not how far the organization is', async () => {
  const { organization, orgId, owner, device, taskId } = await startWithRemoved();
  const mutation = device.createMutation('time.add', createTimeArgs(taskId));
  for (const repeated of [false, true]) {
    const answer = await device.push(orgId, [mutation]);
    expect(answer.head).toEqual({ seq: 0, hash: '' });
    expect(answer.results).toMatchObject([{ status: 'quarantined', repeated, seq: null }]);
    expect(JSON.parse(answer.anchor?.statementJson ?? '')).toMatchObject({ seq: 0 });
  }
  // Nor whether a head is one of its own.
  const { head } = await owner.pull(orgId);
  for (const claimed of [head, unknownHead]) {
    const next = device.createMutation('time.add', createTimeArgs(taskId));
    const { results } = await device.push(orgId, [next], claimed);
    expect(results).toMatchObject([{ status: 'quarantined' }]);
  }
  const stranger = new TestDevice(organization.owner.baseUrl);
  await stranger.register('Eve');
  for (const claimed of [head, unknownHead])
    await expect(
      stranger.push(orgId, [stranger.createMutation('time.add', {})], claimed),
    ).rejects.toMatchObject({ code: 'forbidden' });
});

test('SY-10 two thousand changes of one person wait at most; the next is refused in words, until one is decided', async () => {
  const { orgId, owner, device, taskId } = await startWithRemoved();
  const createMany = (count: number) =>
    Array.from({ length: count }, () => device.createMutation('time.add', createTimeArgs(taskId)));
  let first: PushResult | undefined;
  for (let batch = 0; batch < 4; batch += 1) {
    const { results } = await device.push(orgId, createMany(500));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['quarantined']));
    first ??= results[0];
  }
  const [next] = createMany(1);
  const { results } = await device.push(orgId, [next]);
  expect(results).toMatchObject([{ status: 'rejected', code: 'forbidden' }]);
  expect(results[0]?.message).toContain('2000 changes of yours wait');
  await owner.apply(orgId, ['quarantine.decline', { id: first?.id, reason: 'Not agreed.' }]);
  // The refusal was not stored.
  expect((await device.push(orgId, [next])).results).toMatchObject([{ status: 'quarantined' }]);
});

test('SY-10 what one person has waiting is 16 MiB at most; what others have waiting does not count', async () => {
  const { organization, orgId, owner, device, taskId } = await startWithRemoved();
  const large = () =>
    device.createMutation('time.add', {
      ...createTimeArgs(taskId),
      padding: 'x'.repeat(9_000_000),
    });
  expect((await device.push(orgId, [large()])).results[0]?.status).toBe('quarantined');
  expect((await device.push(orgId, [large()])).results[0]).toMatchObject({
    status: 'rejected',
    code: 'forbidden',
  });
  const small = device.createMutation('time.add', createTimeArgs(taskId));
  expect((await device.push(orgId, [small])).results[0]?.status).toBe('quarantined');

  const other = await organization.addIntern('Tom');
  const task = await organization.assignTask(other.engagementId);
  await owner.apply(orgId, ['member.remove', { membershipId: other.membershipId, reason: null }]);
  const theirs = other.device.createMutation('submission.create', createSubmissionArgs(task));
  expect((await other.device.push(orgId, [theirs])).results[0]?.status).toBe('quarantined');
});

test('SY-10 who ends their own access in the middle of a push is no member for the rest of it', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner, ownerMembershipId } = organization;
  const manager = await addManager(organization);
  await runStatement(
    server,
    `update "memberships" set "role" = 'owner' where "id" = '${manager.membershipId}'`,
  );
  const { results, head } = await owner.push(orgId, [
    owner.createMutation('member.remove', { membershipId: ownerMembershipId, reason: null }),
    owner.createMutation('project.create', { projectId: createId(), terms: testProjectTerms }),
  ]);
  expect(results).toMatchObject([{ status: 'applied' }, { status: 'rejected', code: 'forbidden' }]);
  expect(head).toEqual({ seq: 0, hash: '' });
});

async function addManager(organization: TestOrganization) {
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
  const device = new TestDevice(organization.owner.baseUrl);
  await device.register('Max');
  const { membership } = await device.request<{ membership: { membershipId: string } }>(
    'POST',
    endpoints.acceptInvitation,
    { code, membershipId: createId() },
  );
  return { device, membershipId: membership.membershipId };
}

test('SY-10 nobody brings about with made-up ids that their quarantined work replaces, or is taken for, another change', async () => {
  const { orgId, owner, device, taskId } = await startWithRemoved();
  const [{ mutationId }] = (await listOwnMutations(owner, orgId)) as [{ mutationId: string }];
  const taken = device.createMutation('time.add', createTimeArgs(taskId), { id: mutationId });
  expect((await device.push(orgId, [taken])).results).toMatchObject([
    { status: 'rejected', code: 'conflict' },
  ]);
  const held = device.createMutation('time.add', createTimeArgs(taskId));
  const other = device.createMutation('time.add', createTimeArgs(taskId), { id: held.id });
  const { results } = await device.push(orgId, [held, other]);
  expect(results).toMatchObject([
    { status: 'quarantined' },
    { status: 'rejected', code: 'conflict' },
  ]);
  await owner.apply(orgId, ['quarantine.accept', { id: held.id }]);
  await owner.apply(orgId, ['quarantine.accept', { id: held.id }]);
  expect(await owner.list(orgId, 'timeEntries')).toHaveLength(1);
  expect((await device.push(orgId, [held])).results).toMatchObject([
    { status: 'applied', repeated: true },
  ]);
  const declined = await owner.pushOne(orgId, 'quarantine.decline', { id: held.id, reason: 'No.' });
  expect(declined).toMatchObject({ status: 'rejected', code: 'refused' });
});

/** A change of the owner's, as the device itself knows it. */
async function listOwnMutations(owner: TestDevice, orgId: string) {
  const mutation = owner.createMutation('member.updateProfile', profileArgs);
  await owner.push(orgId, [mutation]);
  return [{ mutationId: mutation.id }];
}

test('SY-20 a program that may not pull has its work taken, though it names a head that this server lost', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const push = async (version: string) => {
    const mutation = owner.createMutation('member.updateProfile', profileArgs);
    const answer = await owner.fetch(endpoints.push(orgId), {
      method: 'POST',
      headers: { [protocolHeader]: version, 'content-type': 'application/json' },
      body: JSON.stringify({ mutations: [mutation], head: unknownHead }),
    });
    return answer.status;
  };
  expect(await push(String(oldestPullVersion))).toBe(409);
  expect(await push(String(oldestPullVersion - 1))).toBe(200);
  expect(await push('1')).toBe(200);
});

test('SY-6 a batch above its limit is refused whole, also where it comes in chunks and states no length', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const send = (count: number, length: number) => {
    const args = { ...profileArgs, padding: 'x'.repeat(length) };
    const mutations = Array.from({ length: count }, () =>
      owner.createMutation('member.updateProfile', args),
    );
    return postInPieces(owner, endpoints.push(orgId), JSON.stringify({ mutations, head: null }));
  };
  expect(await send(2, 600_000)).toMatchObject({
    status: 413,
    text: expect.stringContaining('too_large') as string,
  });
  expect(await send(1, 1_200_000)).toMatchObject({ status: 200 });
  expect(await send(2, 100_000)).toMatchObject({ status: 200 });
});

test('SY-6 arguments that are made to keep the server busy are refused alone, and not stored', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  let nested: unknown = 1;
  for (let depth = 0; depth < 100; depth += 1) nested = [nested];
  const many = Object.fromEntries(
    Array.from({ length: 100_001 }, (_, index) => [`k${index}`, 1] as const),
  );
  const made = [{ nested }, { many }, { many: Array.from({ length: 100_001 }, () => 1) }].map(
    (extra) => owner.createMutation('member.updateProfile', { ...profileArgs, ...extra }),
  );
  for (const mutation of made) {
    const { results } = await owner.push(orgId, [mutation]);
    expect(results).toMatchObject([{ status: 'rejected', code: 'invalid_input', field: 'args' }]);
  }
  const honest = owner.createMutation('member.updateProfile', {
    ...profileArgs,
    much: Array.from({ length: 50_000 }, () => 1),
  });
  expect(computeCanonicalJson(honest.args).length).toBeGreaterThan(100_000);
  expect((await owner.push(orgId, [honest])).results).toMatchObject([{ status: 'applied' }]);
  const stored = await listRecords(
    server,
    'select "mutationId" from "mutationResults" where "orgId" = ?',
    orgId,
  );
  for (const { id } of made) expect(stored).not.toContainEqual({ mutationId: id });
});

test('SY-16 new names for devices are given twenty at a time to one account, and others have theirs', async () => {
  const { url } = await startTestServer({
    rateLimits: { perAccount: { burst: 20, perMinute: 0.001 } },
  });
  const [eve, ida] = [new TestDevice(url), new TestDevice(url)];
  await eve.register('Eve');
  await ida.register('Ida');
  let last = eve;
  for (let count = 0; count < 20; count += 1) last = await last.rekey();
  for (const device of [eve, last])
    await expect(device.rekey()).rejects.toMatchObject({ status: 429, code: 'rate_limited' });
  await expect(ida.rekey()).resolves.toBeDefined();
});

test('SY-16 a session that is ended while it asks for a new name gets none', async () => {
  const { url } = await startTestServer();
  const [device, phone] = [new TestDevice(url), new TestDevice(url)];
  const email = `${createId()}@example.org`;
  await device.register('Ida', { email });
  await phone.signIn(email, 'correct horse battery');
  const body = JSON.stringify({ deviceId: createId() });
  const answer = await postInPieces(device, endpoints.rekey, body, () =>
    phone.request('DELETE', endpoints.device(device.deviceId)),
  );
  expect(answer).toMatchObject({ status: 401 });
  const { devices } = await phone.request<{ devices: { deviceId: string }[] }>(
    'GET',
    endpoints.devices,
  );
  expect(devices.map(({ deviceId }) => deviceId)).toEqual([phone.deviceId]);
});

test('SY-10 devices of another account are neither listed nor ended, and a device id alone gives no right', async () => {
  const { url } = await startTestServer();
  const [ida, eve] = [new TestDevice(url), new TestDevice(url)];
  await ida.register('Ida');
  await eve.register('Eve');
  await expect(eve.request('DELETE', endpoints.device(ida.deviceId))).rejects.toMatchObject({
    status: 404,
  });
  await expect(eve.rekey(ida.deviceId)).rejects.toMatchObject({ code: 'conflict' });
  expect(JSON.stringify(await eve.request('GET', endpoints.devices))).not.toContain(ida.deviceId);
  await expect(ida.request('GET', endpoints.account)).resolves.toBeDefined();
});
