import path from 'node:path';
import { Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { runStint } from '../../support/cli/run-stint.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { openPokeStream } from '../../support/server/poke-stream.ts';
import { listRecords } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import {
  createTestFolder,
  startTestServer,
  type TestServer,
} from '../../support/server/test-server.ts';
import { startFaultProxy } from '../../support/sync/fault-proxy.ts';
import {
  openTestInstallation,
  settle,
  uuid,
  waitFor,
} from '../../support/sync/test-installation.ts';
import { setUpPair, signInAgain } from '../../support/sync/test-organization.ts';

const email = 'ida@example.org';
const oldPassword = 'correct horse battery';
const passwordPattern = /(?:[bcdfghjknprtwxyz]{4}-){4}[bcdfghjknprtwxyz]{4}/;
const notSignedIn = { status: 401, code: 'not_signed_in' };
const wrongPassword = { status: 401, code: 'wrong_password' };

type Place = Pick<TestServer, 'dataFolder' | 'databaseUrl'>;

const runPassword = ({ dataFolder, databaseUrl }: Place, ...args: string[]) =>
  runStint(['server', 'password', '--data', dataFolder, ...args], {
    env: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
  });

/** Gives the account another password, and answers it. */
async function resetPassword(place: Place, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runPassword(place, ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const found = stdout.match(new RegExp(passwordPattern, 'g')) ?? [];
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

async function startWithDevice(options: Parameters<typeof startTestServer>[0] = {}) {
  const server = await startTestServer(options);
  const laptop = new TestDevice(server.url);
  await laptop.register('Ida', { email, password: oldPassword });
  return { server, laptop };
}

const listSecrets = (place: Place) =>
  listRecords(
    place,
    'select "accounts"."email", "passwordHash", "revokedAt" from "accounts" join "sessions" on "accountId" = "accounts"."id" order by "sessions"."id"',
  );

test('stint server password replaces a password while the server runs, and signs the account out everywhere', async () => {
  const lines: string[] = [];
  const logTo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const { server, laptop } = await startWithDevice({ logLevel: 'trace', logTo });
  const tom = new TestDevice(server.url);
  await tom.register('Tom');
  const desk = new TestDevice(server.url);
  await desk.signIn(email, oldPassword);

  const password = await resetPassword(server, 'Ida@Example.org');
  for (const device of [laptop, desk])
    await expect(device.request('GET', endpoints.account)).rejects.toMatchObject(notSignedIn);
  await expect(laptop.signIn(email, oldPassword)).rejects.toMatchObject(wrongPassword);
  await laptop.signIn(email, password);
  await laptop.request('GET', endpoints.account);
  await tom.request('GET', endpoints.account);

  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('')).not.toContain(password);
  expect(JSON.stringify(await listSecrets(server))).not.toContain(password);
});

test('stint server password --keep-sessions leaves the devices signed in', async () => {
  const { server, laptop } = await startWithDevice();
  const stream = await openPokeStream(laptop);
  const { status, stdout } = await runPassword(server, email, '--keep-sessions', '--json');
  const { password, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
  expect({ status, ...rest }).toEqual({ status: 0, email, endedSessions: 0 });
  await laptop.createOrganization('Acorn');
  await expect.poll(() => stream.pokes.length).toBeGreaterThan(0);
  const desk = new TestDevice(server.url);
  await expect(desk.signIn(email, oldPassword)).rejects.toMatchObject(wrongPassword);
  await desk.signIn(email, String(password));
  await laptop.request('GET', endpoints.account);
});

test('SY-13 the streams of sessions that stint server password ended are ended by the server that runs', async () => {
  const time = createHeldTime();
  const { server, laptop } = await startWithDevice({ ports: { timers: time.timers } });
  const tom = new TestDevice(server.url);
  await tom.register('Tom');
  const [stream, other] = [await openPokeStream(laptop), await openPokeStream(tom)];
  let isOtherOver = false;
  void other.ended.catch(() => undefined).then(() => (isOtherOver = true));
  await resetPassword(server, email);
  // On PostgreSQL it is told at once; on SQLite it looks every half minute.
  if (server.databaseUrl === undefined) time.advance(30_000);
  await stream.ended;
  expect(isOtherOver).toBe(false);
});

test('stint server password works on a server that is stopped', async () => {
  const { server, laptop } = await startWithDevice();
  await server.close();
  const password = await resetPassword(server, email);
  const { url } = await server.restart();
  const moved = laptop.moveTo(url);
  await expect(moved.signIn(email, oldPassword)).rejects.toMatchObject(wrongPassword);
  await moved.signIn(email, password);
});

test('stint server password says what is wrong, and writes nothing then', async () => {
  const { server, laptop } = await startWithDevice();
  const closed = new TestDevice(server.url);
  await closed.register('Tom', { email: 'tom@example.org', password: oldPassword });
  await closed.request('POST', endpoints.closeAccount, { password: oldPassword });
  const before = await listSecrets(server);
  const erased = before.map((row) => String(row['email'])).find((name) => name !== email) ?? '';
  for (const address of ['tom@example.org', erased])
    expect(await runPassword(server, address)).toEqual({
      status: 1,
      stdout: '',
      stderr: `stint: there is no account with the e-mail address ${address} on this server, or it was closed (not_found)\n`,
    });
  expect(await runStint(['server', 'password', email, '--data', '/nowhere'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('not_found') as string,
  });
  expect(await listSecrets(server)).toEqual(before);
  await laptop.request('GET', endpoints.account);
}, 60_000);

test('SY-10 a workspace whose password was replaced keeps what it has not sent, and all of it arrives once after signing in', async () => {
  const server = await startTestServer();
  const proxy = await startFaultProxy(server.url);
  onTestFinished(() => proxy.close());
  const folder = await createTestFolder();
  const desk = await openTestInstallation(path.join(folder, 'desk'));
  onTestFinished(() => desk.close());
  const laptop = await openTestInstallation(path.join(folder, 'laptop'));
  onTestFinished(() => laptop.close());
  const { employer, intern, task, internEmail } = await setUpPair(
    desk,
    laptop,
    server.url,
    proxy.url,
  );
  const addTime = (note: string) =>
    intern.mutate(
      'time.add',
      {
        timeEntryId: uuid(),
        taskId: task.taskId,
        startedAt: '2026-05-04T09:00:00.000Z',
        endedAt: '2026-05-04T09:30:00.000Z',
        zone: 'Europe/Lisbon',
        source: 'manual',
        note,
      },
      { subject: note },
    );
  const listStates = async () =>
    (await intern.db.selectFrom('outboxStates').select('state').execute()).map(
      ({ state }) => state,
    );

  proxy.isDown = true;
  await addTime('before');
  const password = await resetPassword(server, internEmail);
  proxy.isDown = false;
  laptop.sync.kick();
  await waitFor('the state', async () => {
    const { state } = await laptop.sync.computeSeatSync(intern.record.seatId);
    return state === 'signed_out';
  });
  await addTime('after');
  expect(await listStates()).toEqual(['pending', 'pending']);
  await expect(signInAgain(laptop, proxy.url, internEmail)).rejects.toMatchObject({
    code: 'wrong_password',
  });
  await signInAgain(laptop, proxy.url, internEmail, password);
  laptop.sync.adopt(intern.record.seatId);
  await settle(laptop);
  await settle(desk);
  expect(await listStates()).toEqual(['settled', 'settled']);
  const entries = await employer.db.selectFrom('timeEntries').select('note').execute();
  expect(entries.map(({ note }) => note).toSorted()).toEqual(['after', 'before']);
});
