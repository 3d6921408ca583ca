import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningServer } from '../../../../src/server/start-server.ts';
import { endpoints } from '../../../../src/shared/protocol/endpoints.ts';
import { type FaultProxy, startFaultProxy } from '../../../support/sync/fault-proxy.ts';
import {
  catchStintError,
  makeTemporaryFolder,
  openTestInstallation,
  settle,
  type TestInstallation,
  uuid,
  waitFor,
} from '../../../support/sync/test-installation.ts';
import {
  setUpPair,
  signInAgain,
  startTestServer,
} from '../../../support/sync/test-organization.ts';

const currentPassword = 'correct horse battery';
const newPassword = 'staple of another colour';
const change = { currentPassword, newPassword };

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let server: RunningServer;
let proxy: FaultProxy;
let desk: TestInstallation;
let laptop: TestInstallation;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  server = await startTestServer(`${temporary.path}/server`);
  proxy = await startFaultProxy(server.url);
  desk = await openTestInstallation(`${temporary.path}/desk`);
  laptop = await openTestInstallation(`${temporary.path}/laptop`);
});
afterEach(async () => {
  await desk.close();
  await laptop.close();
  await proxy.close();
  await server.close();
  await temporary.remove();
});

test('SY-10 a device that a changed password signed out keeps what it had not sent, and all of it arrives once', async () => {
  const { employer, intern, task, internEmail } = await setUpPair(
    desk,
    laptop,
    server.url,
    proxy.url,
  );
  proxy.isDown = true;
  await intern.mutate(
    'time.add',
    {
      timeEntryId: uuid(),
      taskId: task.taskId,
      startedAt: '2026-05-04T09:00:00.000Z',
      endedAt: '2026-05-04T09:30:00.000Z',
      zone: 'Europe/Lisbon',
      source: 'manual',
      note: 'offline',
    },
    { subject: 'offline' },
  );
  const phone = await openTestInstallation(`${temporary.path}/phone`);
  try {
    const { accountKey } = await phone.accounts.enter(
      server.url,
      { kind: 'existing', email: internEmail, password: currentPassword },
      { deviceName: 'Phone' },
    );
    await phone.accounts.changePassword(accountKey, change);
    // It stays signed in itself.
    expect(await phone.accounts.listDevices(accountKey)).toMatchObject([{ deviceName: 'Phone' }]);
  } finally {
    await phone.close();
  }
  proxy.isDown = false;
  laptop.sync.kick();
  await waitFor('the end of the session', async () => {
    const { state } = await laptop.sync.computeSeatSync(intern.record.seatId);
    return state === 'signed_out';
  });
  await signInAgain(laptop, proxy.url, internEmail, newPassword);
  laptop.sync.adopt(intern.record.seatId);
  await settle(laptop);
  await settle(desk);
  const entries = await employer.db.selectFrom('timeEntries').select('note').execute();
  expect(entries).toEqual([{ note: 'offline' }]);
});

test('a password is changed on the server alone: without it, and by an older one, that is said, and asking again is harmless', async () => {
  const email = 'ada@example.org';
  const { accountKey } = await laptop.accounts.enter(
    proxy.url,
    { kind: 'new', email, password: currentPassword, name: 'Ada', timeZone: 'Europe/Berlin' },
    { deviceName: 'Laptop' },
  );
  const attempt = () => catchStintError(() => laptop.accounts.changePassword(accountKey, change));
  proxy.isDown = true;
  expect((await attempt()).code).toBe('server_unreachable');
  proxy.isDown = false;
  proxy.answers.set(endpoints.changePassword, {
    status: 404,
    body: { error: { code: 'not_found', message: 'there is nothing at this address' } },
  });
  const refusal = await attempt();
  expect(refusal.code).toBe('unavailable');
  expect(refusal.message).toContain('older version');
  proxy.answers.clear();
  proxy.loseNextAnswerTo = endpoints.changePassword;
  expect((await attempt()).code).toBe('server_unreachable');
  await laptop.accounts.changePassword(accountKey, change);
  await laptop.accounts.loadAccount(accountKey);
  const wrong = await catchStintError(() =>
    laptop.accounts.changePassword(accountKey, {
      ...change,
      newPassword: 'something else entirely',
    }),
  );
  expect(wrong).toMatchObject({ code: 'wrong_password', field: 'currentPassword' });
});
