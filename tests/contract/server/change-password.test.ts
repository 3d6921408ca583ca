import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { openPokeStream } from '../../support/server/poke-stream.ts';
import { listRecords } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const email = 'ida@example.org';
const currentPassword = 'correct horse battery';
const newPassword = 'staple of another colour';
const notSignedIn = { status: 401, code: 'not_signed_in' };
const wrongPassword = { status: 401, code: 'wrong_password', field: 'currentPassword' };

const change = (device: TestDevice, more: object = {}) =>
  device.request('POST', endpoints.changePassword, { currentPassword, newPassword, ...more });

async function startWithDevice(options: Parameters<typeof startTestServer>[0] = {}) {
  const server = await startTestServer(options);
  const laptop = new TestDevice(server.url);
  await laptop.register('Ida', { email, password: currentPassword });
  return { server, laptop };
}

async function addDevice(url: string, password = currentPassword): Promise<TestDevice> {
  const device = new TestDevice(url);
  await device.signIn(email, password);
  return device;
}

test('a person changes their password: this device stays signed in, the others and their streams end, and nothing secret is in the log', async () => {
  const lines: string[] = [];
  const logTo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const { server, laptop } = await startWithDevice({ logLevel: 'trace', logTo });
  const desk = await addDevice(server.url);
  const tom = new TestDevice(server.url);
  await tom.register('Tom');
  const stream = await openPokeStream(desk);
  const own = await openPokeStream(laptop);

  expect(await change(laptop)).toEqual({});
  await stream.ended;
  await laptop.createOrganization('Acorn');
  await expect.poll(() => own.pokes.length).toBeGreaterThan(0);
  await expect(desk.request('GET', endpoints.account)).rejects.toMatchObject(notSignedIn);
  await tom.request('GET', endpoints.account);
  await expect(desk.signIn(email, currentPassword)).rejects.toMatchObject({
    code: 'wrong_password',
  });
  await desk.signIn(email, newPassword);
  const log = lines.join('');
  expect(log).toContain(endpoints.changePassword);
  for (const secret of [currentPassword, newPassword, String(laptop.token), email])
    expect(log).not.toContain(secret);
});

test('a password is not changed by whoever does not know it, nor to one that sign-up would refuse', async () => {
  const { server, laptop } = await startWithDevice();
  const desk = await addDevice(server.url);
  const listSecrets = () =>
    listRecords(
      server,
      'select "passwordHash", "revokedAt" from "accounts" join "sessions" on "accountId" = "accounts"."id"',
    );
  const before = await listSecrets();
  await expect(change(laptop, { currentPassword: 'a guess' })).rejects.toMatchObject(wrongPassword);
  for (const refused of ['too short', 'x'.repeat(1001), null, 12345678901])
    await expect(change(laptop, { newPassword: refused })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_input',
      field: 'newPassword',
    });
  for (const refused of ['x'.repeat(1001), null, undefined])
    await expect(change(laptop, { currentPassword: refused })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_input',
      field: 'currentPassword',
    });
  await expect(change(new TestDevice(server.url))).rejects.toMatchObject(notSignedIn);
  expect(await listSecrets()).toEqual(before);
  await desk.request('GET', endpoints.account);
});

test('a change whose answer got lost is done as it was when it is asked for again', async () => {
  const { server, laptop } = await startWithDevice();
  await change(laptop);
  await change(laptop);
  await addDevice(server.url, newPassword);
});

test('of two devices that change the password at once one does, and the other is signed out', async () => {
  const { server, laptop } = await startWithDevice();
  const desk = await addDevice(server.url);
  const outcomes = await Promise.allSettled([
    change(laptop, { newPassword: 'the words of the laptop' }),
    change(desk, { newPassword: 'the words of the desk' }),
  ]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const [winner, password] =
    outcomes[0]?.status === 'fulfilled'
      ? [laptop, 'the words of the laptop']
      : [desk, 'the words of the desk'];
  await winner.request('GET', endpoints.account);
  const loser = winner === laptop ? desk : laptop;
  await expect(loser.request('GET', endpoints.account)).rejects.toMatchObject(notSignedIn);
  await addDevice(server.url, password);
});

test('an account is not closed with a password that is being replaced', async () => {
  const { server, laptop } = await startWithDevice();
  const desk = await addDevice(server.url);
  const [changed, closed] = await Promise.allSettled([
    change(desk),
    laptop.request('POST', endpoints.closeAccount, { password: currentPassword }),
  ]);
  expect([changed.status, closed.status].toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('passwords are tried a few times only where one is changed', async () => {
  const time = createHeldTime();
  const { laptop } = await startWithDevice({
    ports: { clock: time.clock },
    rateLimits: {
      perAddress: { burst: 100, perMinute: 1 },
      perEmail: { burst: 2, perMinute: 1 },
    },
  });
  const codes: unknown[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1)
    await change(laptop, { currentPassword: 'guess' }).catch((error: { code: string }) =>
      codes.push(error.code),
    );
  expect(codes).toEqual(['wrong_password', 'wrong_password', 'rate_limited', 'rate_limited']);
});

test('a closed account has no password that could be changed', async () => {
  const { laptop } = await startWithDevice();
  await laptop.request('POST', endpoints.closeAccount, { password: currentPassword });
  await expect(change(laptop)).rejects.toMatchObject({ status: 401, code: 'account_closed' });
});
