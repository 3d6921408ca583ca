import { expect, test } from 'vitest';
import { endpoints } from '../../../../src/shared/protocol/endpoints.ts';
import {
  catchStintError,
  openTestInstallation,
  settle,
  uuid,
  waitFor,
} from '../../../support/sync/test-installation.ts';
import { setUpPair, signInAgain } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const currentPassword = 'correct horse battery';
const newPassword = 'staple of another colour';
const change = { currentPassword, newPassword };

const scene = setUpSyncScene();

test('SY-10 a device that a changed password signed out keeps what it had not sent, and all of it arrives once', async () => {
  const { employer, intern, task, internEmail } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.isDown = true;
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
  const phone = await openTestInstallation(`${scene.folder}/phone`);
  try {
    const { accountKey } = await phone.accounts.enter(
      scene.server.url,
      { kind: 'existing', email: internEmail, password: currentPassword },
      { deviceName: 'Phone' },
    );
    await phone.accounts.changePassword(accountKey, change);
    // It stays signed in itself.
    expect(await phone.accounts.listDevices(accountKey)).toMatchObject([{ deviceName: 'Phone' }]);
  } finally {
    await phone.close();
  }
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  await waitFor('the end of the session', async () => {
    const { state } = await scene.laptop.sync.computeSeatSync(intern.record.seatId);
    return state === 'signed_out';
  });
  await signInAgain(scene.laptop, scene.proxy.url, internEmail, newPassword);
  scene.laptop.sync.adopt(intern.record.seatId);
  await settle(scene.laptop);
  await settle(scene.desk);
  const entries = await employer.db.selectFrom('timeEntries').select('note').execute();
  expect(entries).toEqual([{ note: 'offline' }]);
});

test('a password is changed on the server alone: without it, and by an older one, that is said, and asking again is harmless', async () => {
  const email = 'ada@example.org';
  const { accountKey } = await scene.laptop.accounts.enter(
    scene.proxy.url,
    { kind: 'new', email, password: currentPassword, name: 'Ada', timeZone: 'Europe/Berlin' },
    { deviceName: 'Laptop' },
  );
  const attempt = () =>
    catchStintError(() => scene.laptop.accounts.changePassword(accountKey, change));
  scene.proxy.isDown = true;
  expect((await attempt()).code).toBe('server_unreachable');
  scene.proxy.isDown = false;
  scene.proxy.answers.set(endpoints.changePassword, {
    status: 404,
    body: { error: { code: 'not_found', message: 'there is nothing at this address' } },
  });
  const refusal = await attempt();
  expect(refusal.code).toBe('unavailable');
  expect(refusal.message).toContain('older version');
  scene.proxy.answers.clear();
  scene.proxy.loseNextAnswerTo = endpoints.changePassword;
  expect((await attempt()).code).toBe('server_unreachable');
  await scene.laptop.accounts.changePassword(accountKey, change);
  await scene.laptop.accounts.loadAccount(accountKey);
  const wrong = await catchStintError(() =>
    scene.laptop.accounts.changePassword(accountKey, {
      ...change,
      newPassword: 'something else entirely',
    }),
  );
  expect(wrong).toMatchObject({ code: 'wrong_password', field: 'currentPassword' });
});
