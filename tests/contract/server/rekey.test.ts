import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { RekeyResponse } from '../../../src/shared/protocol/rekey.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import {
  computeInstant,
  computeSha256,
  createId,
  createInvitationCode,
} from '../../support/server/test-ids.ts';
import { testProjectTerms, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const createProject = (device: TestDevice, title: string) =>
  device.createMutation('project.create', {
    projectId: createId(),
    terms: { ...testProjectTerms, title },
  });

async function listTitles(device: TestDevice, orgId: string): Promise<string[]> {
  return (await device.list(orgId, 'projects')).map(({ title }) => String(title)).sort();
}

test('SY-16 of two copies of a workspace both get all of their work across, one as a new device', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const copy = owner.clone();
  const mine = [createProject(owner, 'A1'), createProject(owner, 'A2')];
  const theirs = [createProject(copy, 'B1'), createProject(copy, 'B2'), createProject(copy, 'B3')];
  await owner.push(orgId, mine);
  const before = await owner.pull(orgId);
  await expect(copy.push(orgId, theirs)).rejects.toMatchObject({ status: 409, code: 'rekey' });
  expect((await owner.pull(orgId)).head).toEqual(before.head);

  const renamed = await copy.rekey();
  const { results } = await renamed.push(orgId, theirs);
  expect(results.map(({ status, repeated }) => [status, repeated])).toEqual(
    theirs.map(() => ['applied', false]),
  );
  await owner.push(orgId, [createProject(owner, 'A3')]);
  await renamed.push(orgId, [createProject(renamed, 'B4')]);
  expect(await listTitles(owner, orgId)).toEqual(
    ['A1', 'A2', 'A3', 'B1', 'B2', 'B3', 'B4', testProjectTerms.title].sort(),
  );
});

test('SY-16 a workspace restored from a backup gives a number away again, and is told so', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const kept = createProject(owner, 'In the backup');
  const backup = owner.clone();
  await owner.push(orgId, [kept, createProject(owner, 'After the backup')]);
  const another = createProject(backup, 'After the restore');
  await expect(backup.push(orgId, [kept, another])).rejects.toMatchObject({ code: 'rekey' });
  const renamed = await backup.rekey();
  const { results } = await renamed.push(orgId, [kept, another]);
  expect(results).toMatchObject([
    { status: 'applied', repeated: true },
    { status: 'applied', repeated: false },
  ]);
  expect(await listTitles(renamed, orgId)).toEqual(
    ['After the backup', 'After the restore', 'In the backup', testProjectTerms.title].sort(),
  );
});

test('SY-16 nothing is taken of a batch in which a single number collides', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const copy = owner.clone();
  const known = createProject(owner, 'Known');
  await owner.push(orgId, [known]);
  const colliding = createProject(copy, 'Colliding');
  const rest = Array.from({ length: 20 }, (_, index) => createProject(copy, `Fresh ${index}`));
  const batch = [known, ...rest.slice(0, 10), colliding, ...rest.slice(10)];
  await expect(copy.push(orgId, batch)).rejects.toMatchObject({ code: 'rekey' });
  expect(await listTitles(owner, orgId)).toEqual(['Known', testProjectTerms.title]);
});

test('SY-16 a refused change has used its number as well', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const copy = owner.clone();
  await owner.push(orgId, [owner.createMutation('task.cancel', { taskId: createId() })]);
  await expect(copy.push(orgId, [createProject(copy, 'B')])).rejects.toMatchObject({
    code: 'rekey',
  });
});

test('SY-16 the same change sent again, by whichever copy, never asks for a new name', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const mutation = createProject(owner, 'One');
  const copy = owner.clone();
  await owner.push(orgId, [mutation]);
  const renamed = await copy.rekey();
  for (const device of [owner, copy, renamed]) {
    const { results } = await device.push(orgId, [mutation]);
    expect(results).toMatchObject([{ status: 'applied', repeated: true }]);
  }
});

test('SY-16 the same number in two organizations is no collision', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const { orgId: otherId } = await owner.createOrganization('Another');
  const copy = owner.clone();
  await owner.push(orgId, [createProject(owner, 'Here')]);
  const { results } = await copy.push(otherId, [createProject(copy, 'There')]);
  expect(results).toMatchObject([{ status: 'applied' }]);
});

test('SY-6 a number that two changes of one push share fails the second alone, and stores nothing of it', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const first = createProject(owner, 'First');
  const second = { ...createProject(owner, 'Second'), deviceSeq: first.deviceSeq };
  const third = createProject(owner, 'Third');
  const { results } = await owner.push(orgId, [first, second, third]);
  expect(results).toMatchObject([
    { status: 'applied' },
    { status: 'rejected', code: 'invalid_input', field: 'deviceSeq' },
    { status: 'applied' },
  ]);
});

test('SY-16 when the answer is lost, asking again for the same device brings a token that works', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const copy = owner.clone();
  await owner.push(orgId, [createProject(owner, 'A')]);
  const theirs = [createProject(copy, 'B')];
  const deviceId = createId();
  const lost = await copy.rekey(deviceId);
  const renamed = await copy.rekey(deviceId);
  await expect(lost.request('GET', endpoints.account)).rejects.toMatchObject({ status: 401 });
  const { results } = await renamed.push(orgId, theirs);
  expect(results).toMatchObject([{ status: 'applied', repeated: false }]);
  const again = await renamed.push(orgId, theirs);
  expect(again.results).toMatchObject([{ status: 'applied', repeated: true }]);
  expect((await owner.push(orgId, [createProject(owner, 'A2')])).results).toMatchObject([
    { status: 'applied' },
  ]);
});

test('SY-16 a token that is in use stays valid when another copy asks for the same device', async () => {
  const { url } = await startTestServer();
  const { owner } = await TestOrganization.create(url);
  const deviceId = createId();
  const one = await owner.rekey(deviceId);
  await one.request('GET', endpoints.account);
  const two = await owner.rekey(deviceId);
  for (const device of [owner, one, two])
    await expect(device.request('GET', endpoints.account)).resolves.toBeDefined();
});

test('SY-16 nobody takes the name of a device that is not theirs, nor their own once more', async () => {
  const { url } = await startTestServer();
  const { owner } = await TestOrganization.create(url);
  const stranger = new TestDevice(url);
  await stranger.register('Stranger');
  await expect(owner.rekey(stranger.deviceId)).rejects.toMatchObject({
    status: 409,
    code: 'conflict',
    field: 'deviceId',
  });
  await stranger.request('DELETE', endpoints.session);
  await expect(owner.rekey(stranger.deviceId)).rejects.toMatchObject({ code: 'conflict' });
  await expect(owner.rekey(owner.deviceId)).rejects.toMatchObject({
    status: 400,
    code: 'invalid_input',
  });
  await expect(owner.rekey('no id')).rejects.toMatchObject({ status: 400, field: 'deviceId' });
  await expect(stranger.rekey()).rejects.toMatchObject({ status: 401, code: 'not_signed_in' });
});

test("SY-16 another person's numbers never make a device take a new name", async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  // Somebody who learned the intern's device id, and signs in with it.
  const email = `${createId()}@example.org`;
  const password = 'correct horse battery';
  const manager = new TestDevice(url, intern.deviceId);
  await manager.register('Mia', { email, password });
  const code = createInvitationCode();
  await owner.apply(orgId, [
    'member.inviteManager',
    {
      invitationId: createId(),
      codeHash: computeSha256(code),
      invitedName: 'Mia',
      expiresAt: computeInstant(86_400_000),
    },
  ]);
  await manager.request('POST', endpoints.acceptInvitation, { code, membershipId: createId() });
  await manager.push(
    orgId,
    Array.from({ length: 5 }, (_, index) => createProject(manager, `M${index}`)),
  );
  const { results } = await intern.push(orgId, [
    intern.createMutation('member.updateProfile', {
      displayName: 'Ida B.',
      timeZone: 'Europe/Berlin',
    }),
  ]);
  expect(results).toMatchObject([{ status: 'applied' }]);
});

test('SY-16 the new device signs out by itself, and the old one stays signed in', async () => {
  const { url } = await startTestServer();
  const { owner } = await TestOrganization.create(url);
  const renamed = await owner.rekey();
  await renamed.request('DELETE', endpoints.session);
  await expect(renamed.request('GET', endpoints.account)).rejects.toMatchObject({ status: 401 });
  await expect(owner.request('GET', endpoints.account)).resolves.toBeDefined();
  const { token } = await owner.request<RekeyResponse>('POST', endpoints.rekey, {
    deviceId: createId(),
  });
  expect(token).toMatch(/^[\w-]{43}$/);
});
