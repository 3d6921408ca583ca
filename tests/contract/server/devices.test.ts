import { expect, test } from 'vitest';
import type { DeviceItem } from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { openPokeStream } from '../../support/server/poke-stream.ts';
import { listRecords } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { computeInstant, createId } from '../../support/server/test-ids.ts';
import { testProjectTerms } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const dayMs = 86_400_000;
const password = 'correct horse battery';

const listDevices = async (device: TestDevice): Promise<DeviceItem[]> =>
  (await device.request<{ devices: DeviceItem[] }>('GET', endpoints.devices)).devices;

const notSignedIn = { status: 401, code: 'not_signed_in' };

async function startWithTwoDevices(options: Parameters<typeof startTestServer>[0] = {}) {
  const server = await startTestServer(options);
  const laptop = new TestDevice(server.url);
  await laptop.register('Ida', { email: 'ida@example.org', password });
  const desk = new TestDevice(server.url);
  await desk.signIn('ida@example.org', password);
  return { ...server, laptop, desk };
}

test('an account sees where it is signed in, which of them it is, and when each was last used, to the day', async () => {
  const { laptop, desk, url } = await startWithTwoDevices();
  await new TestDevice(url).register('Tom');
  const devices = await listDevices(desk);
  const today = computeInstant().slice(0, 10);
  expect(devices.map(({ deviceId, isThisDevice }) => [deviceId, isThisDevice])).toEqual(
    expect.arrayContaining([
      [laptop.deviceId, false],
      [desk.deviceId, true],
    ]),
  );
  expect(devices).toHaveLength(2);
  expect(devices.map(({ deviceName }) => deviceName)).toEqual(['Test laptop', 'Test laptop']);
  expect(devices.find(({ isThisDevice }) => isThisDevice)?.lastUsedOn).toBe(today);
});

test('a device that an older program names by nothing that can be seen is signed in as one without a name', async () => {
  const { url, laptop } = await startWithTwoDevices();
  const old = new TestDevice(url);
  const { token } = await old.request<{ token: string }>('POST', endpoints.session, {
    email: 'ida@example.org',
    password,
    device: { deviceId: old.deviceId, deviceName: '\u200b\u2060' },
  });
  expect(token).not.toBe('');
  expect((await listDevices(laptop)).map(({ deviceName }) => deviceName)).toContain('');
});

test('a device that is signed out from another one loses its session and its streams at once', async () => {
  const { laptop, desk } = await startWithTwoDevices();
  const stream = await openPokeStream(laptop);
  await desk.request('DELETE', endpoints.device(laptop.deviceId));
  await stream.ended;
  await expect(laptop.request('GET', endpoints.account)).rejects.toMatchObject(notSignedIn);
  await expect(laptop.request('GET', endpoints.pokes)).rejects.toMatchObject(notSignedIn);
  expect((await listDevices(desk)).map(({ deviceId }) => deviceId)).toEqual([desk.deviceId]);
  await desk.request('DELETE', endpoints.device(laptop.deviceId));
});

test("nobody can sign another account's device out, nor learn that there is such a device", async () => {
  const { laptop, url } = await startWithTwoDevices();
  const stranger = new TestDevice(url);
  await stranger.register('Tom');
  const forOthers = await stranger
    .request('DELETE', endpoints.device(laptop.deviceId))
    .catch((error: unknown) => error);
  const forNone = await stranger
    .request('DELETE', endpoints.device(createId()))
    .catch((error: unknown) => error);
  expect(forOthers).toMatchObject({ status: 404, code: 'not_found' });
  expect((forOthers as Error).message).toBe((forNone as Error).message);
  await laptop.request('GET', endpoints.account);
});

test('a session that nobody uses ends by itself; one that is used goes on, and is written once a day', async () => {
  const time = createHeldTime();
  const { dataFolder, databaseUrl, laptop, desk } = await startWithTwoDevices({
    sessionDays: 10,
    ports: { clock: time.clock, timers: time.timers },
  });
  const readUse = async () =>
    (
      await listRecords(
        { dataFolder, databaseUrl },
        'select "lastUsedAt", "expiresAt" from "sessions" where "deviceId" = ?',
        laptop.deviceId,
      )
    )[0];
  await laptop.request('GET', endpoints.account);
  const first = await readUse();
  expect(first).toEqual({ lastUsedAt: '2026-03-01', expiresAt: '2026-03-11T09:00:00.000Z' });
  time.advance(dayMs / 4);
  await laptop.request('GET', endpoints.account);
  expect(await readUse()).toEqual(first);

  for (let day = 0; day < 3; day += 1) {
    time.advance(4 * dayMs);
    await laptop.request('GET', endpoints.account);
  }
  await expect(desk.request('GET', endpoints.account)).rejects.toMatchObject(notSignedIn);
  expect((await listDevices(laptop)).map(({ deviceId }) => deviceId)).toEqual([laptop.deviceId]);
  time.advance(10 * dayMs);
  await expect(laptop.request('GET', endpoints.account)).rejects.toMatchObject(notSignedIn);
});

test('a stream of pokes ends when its session has expired', async () => {
  const time = createHeldTime();
  const { laptop } = await startWithTwoDevices({
    sessionDays: 0.01,
    ports: { clock: time.clock, timers: time.timers },
  });
  const stream = await openPokeStream(laptop);
  time.advance(dayMs / 50);
  await stream.ended;
});

test('SY-6 a session that ends between two batches: the first stays taken, nothing of the second is, and after signing in it goes on', async () => {
  const time = createHeldTime();
  const { url } = await startTestServer({
    sessionDays: 10,
    ports: { clock: time.clock, timers: time.timers },
  });
  const owner = new TestDevice(url);
  await owner.register('Olga', { email: 'olga@example.org', password });
  const { orgId } = await owner.createOrganization('Talkorn');
  const create = () =>
    owner.createMutation('project.create', { projectId: createId(), terms: testProjectTerms });
  const [first, second] = [create(), create()];
  const taken = await owner.push(orgId, [first]);
  expect(taken.results).toMatchObject([{ status: 'applied', repeated: false }]);
  time.advance(11 * dayMs);
  await expect(owner.push(orgId, [first, second])).rejects.toMatchObject(notSignedIn);
  await owner.signIn('olga@example.org', password);
  expect((await owner.pull(orgId)).head).toEqual(taken.head);
  const { results } = await owner.push(orgId, [first, second]);
  expect(results).toMatchObject([
    { status: 'applied', repeated: true },
    { status: 'applied', repeated: false },
  ]);
});
