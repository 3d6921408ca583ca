import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { openPokeStream } from '../../support/server/poke-stream.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { createId } from '../../support/server/test-ids.ts';
import { testProjectTerms, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

const projectMutation = (): [string, unknown] => [
  'project.create',
  { projectId: createId(), terms: testProjectTerms },
];

test('SY-13 a stream begins with the present head of each organization of the account', async () => {
  const time = createHeldTime();
  const { url } = await startTestServer({ ports: { timers: time.timers } });
  const organization = await TestOrganization.create(url);
  await TestOrganization.create(url, 'Not mine');
  const second = await organization.owner.createOrganization('Second');
  const stream = await openPokeStream(organization.owner);
  await expect.poll(() => stream.pokes.length).toBe(2);
  expect(stream.pokes).toEqual(
    expect.arrayContaining([
      { orgId: organization.orgId, seq: 2 },
      { orgId: second.orgId, seq: 1 },
    ]),
  );
});

test('SY-13 members are poked after a push and an upload, with the head and nothing else; strangers are not', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const other = await TestOrganization.create(url, 'Other');
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  const stream = await openPokeStream(intern);
  const foreign = await openPokeStream(other.owner);
  await expect.poll(() => stream.pokes.length).toBeGreaterThan(0);
  await expect.poll(() => foreign.pokes.length).toBeGreaterThan(0);

  await owner.apply(orgId, projectMutation());
  const afterPush = (await owner.pull(orgId)).head.seq;
  await expect.poll(() => stream.pokes.at(-1)).toEqual({ orgId, seq: afterPush });
  await uploadContent(owner, orgId, Buffer.from('content'));
  await expect.poll(() => stream.pokes.at(-1)).toEqual({ orgId, seq: afterPush + 1 });
  expect(foreign.pokes.filter((poke) => poke.orgId !== other.orgId)).toEqual([]);
});

test('SY-13 a push of which nothing was applied pokes nobody', async () => {
  const time = createHeldTime();
  const { url } = await startTestServer({ ports: { timers: time.timers } });
  const { orgId, owner } = await TestOrganization.create(url);
  const stream = await openPokeStream(owner);
  await expect.poll(() => stream.pokes.length).toBe(1);
  // The poke that stands for what the organization's making left untold.
  time.advance(1000);
  await expect.poll(() => stream.pokes.length).toBe(2);
  time.advance(1000);
  await owner.pushOne(orgId, 'task.cancel', { taskId: createId() });
  await owner.apply(orgId, projectMutation());
  await expect.poll(() => stream.pokes.length).toBe(3);
  expect(stream.pokes.map(({ seq }) => seq)).toEqual([2, 2, 3]);
});

test('SY-13 many pushes at once become few pokes, and the last poke names the last head', async () => {
  const time = createHeldTime();
  const { url } = await startTestServer({ ports: { timers: time.timers } });
  const { orgId, owner } = await TestOrganization.create(url);
  const stream = await openPokeStream(owner);
  await Promise.all(Array.from({ length: 100 }, () => owner.apply(orgId, projectMutation())));
  const pokesMeanwhile = stream.pokes.length;
  // Several times: between two processes a push is heard of a moment after it was answered.
  await expect
    .poll(() => {
      time.advance(1000);
      return stream.pokes.at(-1)?.seq;
    })
    .toBe(102);
  expect(pokesMeanwhile).toBeLessThan(5);
  expect(stream.pokes.length).toBeLessThan(20);
});

test('SY-13 whoever joins while their stream is open is poked for the new organization, too', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { code } = await organization.invite();
  const person = new TestDevice(url);
  await person.register('Ida');
  const stream = await openPokeStream(person);
  await person.request('POST', endpoints.acceptInvitation, { code, membershipId: createId() });
  await expect.poll(() => stream.pokes.map(({ orgId }) => orgId)).toContain(organization.orgId);
});

test('SY-13 a stream ends when its session does, and when the server closes', async () => {
  const server = await startTestServer();
  const device = new TestDevice(server.url);
  const account = await device.register('Ida', { password: 'a long password' });
  const first = await openPokeStream(device);
  await device.request('DELETE', endpoints.session);
  await first.ended;
  await expect(openPokeStream(device)).rejects.toThrow('401');

  await device.signIn(account.email, 'a long password');
  const second = await openPokeStream(device);
  await device.signIn(account.email, 'a long password');
  await second.ended;

  const third = await openPokeStream(device);
  await server.close();
  await third.ended;
});

test('SY-13 a silent stream carries a comment every 25 seconds', async () => {
  const time = createHeldTime();
  const { url } = await startTestServer({ ports: { clock: time.clock, timers: time.timers } });
  const device = new TestDevice(url);
  await device.register('Ida');
  const idle = time.waiting;
  const stream = await openPokeStream(device);
  await expect.poll(() => time.waiting).toBe(idle + 1);
  time.advance(25_000);
  await expect.poll(() => stream.comments.length).toBe(1);
  time.advance(25_000);
  await expect.poll(() => stream.comments.length).toBe(2);
});
