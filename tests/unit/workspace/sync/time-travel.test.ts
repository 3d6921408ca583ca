import { cp } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import {
  addHalfHour,
  backUpTestServer,
  restoreTestServer,
  settleAll,
} from '../../../support/sync/restored-server.ts';
import {
  openTestInstallation,
  settle,
  uuid,
  waitFor,
} from '../../../support/sync/test-installation.ts';
import {
  assignTask,
  setUpPair,
  signInAgain,
  submit,
} from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

const backUpServer = async (): Promise<void> => {
  scene.server = await backUpTestServer(scene.server, scene.folder);
};
const restoreServer = async (): Promise<void> => {
  scene.server = await restoreTestServer(scene.server, scene.folder);
};

const listNotes = async (seat: Seat) =>
  (await seat.db.selectFrom('timeEntries').select('note').execute()).map((row) => row.note).sort();
const listStates = (seat: Seat) =>
  seat.db.selectFrom('outboxStates').selectAll().orderBy('deviceSeq').execute();
const listSubmissions = (seat: Seat) =>
  seat.db.selectFrom('submissions').selectAll().orderBy('revision').execute();

test('SY-15 what a restored server has lost comes back from the devices, and nobody becomes late', async () => {
  const { employer, intern, employment, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
  );
  await addHalfHour(intern, task.taskId, 'before the backup');
  await settleAll(scene.laptop, scene.desk);
  await backUpServer();
  const second = await assignTask(employer, employment.engagementId, { title: 'After' });
  await settleAll(scene.desk, scene.laptop);
  await addHalfHour(intern, second.taskId, 'after the backup');
  await submit(intern, second, { note: 'handed in after the backup' });
  await intern.mutate(
    'draft.writeNote',
    { taskId: second.taskId, note: 'private, and after' },
    { subject: 'note' },
  );
  await settleAll(scene.laptop, scene.desk);
  const [before] = await listSubmissions(employer);
  const entries = await employer.db.selectFrom('timeEntries').select('id').execute();

  await restoreServer();
  await settleAll(scene.desk, scene.laptop);
  expect(await listNotes(employer)).toEqual(['after the backup', 'before the backup']);
  expect(await employer.db.selectFrom('timeEntries').select('id').execute()).toEqual(
    expect.arrayContaining(entries),
  );
  for (const seat of [employer, intern]) {
    const submissions = await listSubmissions(seat);
    expect(submissions).toHaveLength(1);
    expect(submissions[0]).toMatchObject({
      id: before?.id,
      receivedAt: before?.receivedAt,
      verdict: 'on_time',
      note: 'handed in after the backup',
    });
    expect((await listStates(seat)).map((row) => row.state)).toEqual(
      (await listStates(seat)).map(() => 'settled'),
    );
  }
  const [draft] = await intern.db.selectFrom('drafts').select('note').execute();
  expect(draft?.note).toBe('private, and after');
});

test('SY-15 what builds on what another device has yet to bring back waits, and is not refused', async () => {
  const { employer, intern, employment, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
  );
  await backUpServer();
  const lost = await assignTask(employer, employment.engagementId, { title: 'Lost' });
  await settleAll(scene.desk, scene.laptop);
  await addHalfHour(intern, lost.taskId, 'on a task that is lost');
  await settleAll(scene.laptop, scene.desk);
  await scene.desk.sync.stop();
  // Not sent when the server goes back in time, either.
  await scene.laptop.sync.stop();
  await submit(intern, lost, { note: 'made before the restore was known' });
  await restoreServer();
  await scene.laptop.close();
  scene.laptop = await openTestInstallation(scene.laptop.folder);
  const reopened = scene.laptop.seats.list()[0];
  if (reopened === undefined) throw new Error('no seat');
  scene.laptop.sync.start();
  await waitFor('the refusal', async () =>
    (await listStates(reopened)).some((row) => row.state === 'pending' && row.code !== null),
  );
  // It holds nothing up: what can go, goes.
  await addHalfHour(reopened, task.taskId, 'meanwhile');
  await waitFor('the other change', async () =>
    (await listStates(reopened)).some((row) => row.state === 'settled'),
  );
  const waiting = (await listStates(reopened)).filter((row) => row.state === 'pending');
  expect(waiting.map(({ acknowledgedSeq }) => acknowledgedSeq === 0)).toEqual([false, true]);
  expect(waiting[0]?.message).toBe('waits for what others had sent before the server was restored');

  await scene.desk.close();
  scene.desk = await openTestInstallation(scene.desk.folder);
  scene.desk.sync.start();
  await settleAll(scene.desk, scene.laptop);
  expect((await listStates(reopened)).map((row) => row.state)).toEqual([
    'settled',
    'settled',
    'settled',
  ]);
  const [seat] = scene.desk.seats.list();
  if (seat === undefined) throw new Error('no seat');
  expect(await listNotes(seat)).toEqual(['meanwhile', 'on a task that is lost']);
  expect((await listSubmissions(seat)).map((row) => row.note)).toEqual([
    'made before the restore was known',
  ]);
});

test('SY-15 a change whose answer came, and whose pull did not, is not lost with the server', async () => {
  const { employer, intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  await backUpServer();
  scene.proxy.stumblesAt = '/pull';
  await addHalfHour(intern, task.taskId, 'answered and lost');
  await waitFor('the answer', async () => (await listStates(intern))[0]?.state === 'applied');
  await restoreServer();
  // The server counts on, and reaches the number under which it had taken the change.
  await employer.mutate(
    'organization.rename',
    { name: 'Acorn & Sons', seenName: 'Acorn' },
    { subject: 'Acorn' },
  );
  await settle(scene.desk);
  scene.proxy.stumblesAt = undefined;
  await settleAll(scene.laptop, scene.desk);
  expect(await listNotes(employer)).toEqual(['answered and lost']);
});

test('SY-15 an answer lost, and a program ended, in the middle of it change nothing', async () => {
  const { employer, intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  await backUpServer();
  for (let index = 0; index < 30; index += 1)
    await addHalfHour(intern, task.taskId, `entry ${index}`);
  await settleAll(scene.laptop, scene.desk);
  const notes = await listNotes(employer);
  scene.proxy.isDown = true;
  await restoreServer();
  scene.proxy.loseNextAnswerTo = '/pull';
  scene.proxy.stumblesAt = '/push';
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  await waitFor('the lost page', async () => scene.proxy.loseNextAnswerTo === undefined);
  scene.proxy.loseNextAnswerTo = '/push';
  scene.proxy.stumblesAt = undefined;
  scene.laptop.sync.kick();
  await waitFor('the lost answer', async () => scene.proxy.loseNextAnswerTo === undefined);
  await scene.laptop.close();
  scene.laptop = await openTestInstallation(scene.laptop.folder);
  scene.laptop.sync.start();
  await settleAll(scene.laptop, scene.desk);
  expect(await listNotes(employer)).toEqual(notes);
  const [seat] = scene.laptop.seats.list();
  expect(seat === undefined ? [] : await listNotes(seat)).toEqual(notes);
});

test('SY-15 contents that a restored server has lost are sent to it again', async () => {
  const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  await backUpServer();
  const content = Buffer.from('twelve shops, twelve prices');
  const file = await scene.laptop.files.importStream(
    (async function* () {
      yield content;
    })(),
  );
  await submit(intern, task, {
    note: 'with a file',
    files: [
      {
        attachmentId: uuid(),
        sha256: file.sha256,
        sizeBytes: file.sizeBytes,
        name: 'prices.csv',
        mediaType: 'text/csv',
      },
    ],
  });
  const isComplete = async () => {
    scene.desk.sync.kick();
    return (await listSubmissions(employer))[0]?.filesCompleteAt ?? undefined;
  };
  await waitFor('the file', isComplete);
  await restoreServer();
  await settleAll(scene.laptop, scene.desk);
  await waitFor('the file, again', isComplete);
});

test('SY-16 a workspace and its copy go on as two devices, and nothing is dropped', async () => {
  const { employer, intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  await addHalfHour(intern, task.taskId, 'before the copy');
  await settle(scene.laptop);
  await scene.laptop.close();
  await cp(scene.laptop.folder, `${scene.folder}/copy`, { recursive: true });
  scene.laptop = await openTestInstallation(scene.laptop.folder);
  const copy = await openTestInstallation(`${scene.folder}/copy`);
  scene.others.push(copy);
  const [original] = scene.laptop.seats.list();
  const [copied] = copy.seats.list();
  if (original === undefined || copied === undefined) throw new Error('no seat');
  for (let index = 0; index < 3; index += 1) {
    await addHalfHour(original, task.taskId, `original ${index}`);
    await addHalfHour(copied, task.taskId, `copy ${index}`);
  }
  scene.laptop.sync.start();
  await settle(scene.laptop);
  // The answer that names the new session gets lost: it is asked for again, as the same device.
  scene.proxy.loseNextAnswerTo = '/session/rekey';
  copy.sync.start();
  await waitFor('the lost answer', async () => scene.proxy.loseNextAnswerTo === undefined);
  copy.sync.kick();
  await settleAll(copy, scene.laptop, scene.desk);
  const all = ['before the copy', ...[0, 1, 2].map((index) => `copy ${index}`)].concat(
    [0, 1, 2].map((index) => `original ${index}`),
  );
  expect(await listNotes(employer)).toEqual(all);
  expect(await listNotes(original)).toEqual(all);
  expect(await listNotes(copied)).toEqual(all);
  // Both go on: neither has thrown the other out.
  await addHalfHour(original, task.taskId, 'original, later');
  await addHalfHour(copied, task.taskId, 'copy, later');
  await settleAll(scene.laptop, copy, scene.desk);
  expect(await listNotes(employer)).toHaveLength(9);
  expect(scene.proxy.requests.filter((line) => line.includes('/session/rekey'))).toHaveLength(2);
});

test('SY-16 a workspace restored from its own backup gets back what it had sent, and sends what is new', async () => {
  const { employer, intern, task, internEmail } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
  );
  await settle(scene.laptop);
  await scene.laptop.close();
  await cp(scene.laptop.folder, `${scene.folder}/old`, { recursive: true });
  scene.laptop = await openTestInstallation(scene.laptop.folder);
  const [before] = scene.laptop.seats.list();
  if (before === undefined) throw new Error('no seat');
  expect(before.record.email).toBe(internEmail);
  scene.laptop.sync.start();
  await addHalfHour(before, task.taskId, 'after its backup');
  await settle(scene.laptop);
  await scene.laptop.close();
  scene.laptop = await openTestInstallation(`${scene.folder}/old`);
  const [restored] = scene.laptop.seats.list();
  if (restored === undefined) throw new Error('no seat');
  await addHalfHour(restored, task.taskId, 'after its restore');
  scene.laptop.sync.start();
  await settleAll(scene.laptop, scene.desk);
  for (const seat of [restored, employer])
    expect(await listNotes(seat)).toEqual(['after its backup', 'after its restore']);
  expect(intern.record.membershipId).toBe(restored.record.membershipId);
});

test('SY-16 all organizations of an account go on as the new device', async () => {
  const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const clientBefore = await scene.laptop.accounts.findClient(intern.record.accountKey);
  if (clientBefore === undefined) throw new Error('no client');
  await Promise.all([
    scene.laptop.accounts.rekey(intern.record.accountKey, clientBefore),
    scene.laptop.accounts.rekey(intern.record.accountKey, clientBefore),
  ]);
  const clientAfter = await scene.laptop.accounts.findClient(intern.record.accountKey);
  expect(clientAfter).not.toBe(clientBefore);
  // Asked about the old client again, there is nothing to do.
  await scene.laptop.accounts.rekey(intern.record.accountKey, clientBefore);
  expect(await scene.laptop.accounts.findClient(intern.record.accountKey)).toBe(clientAfter);
  await addHalfHour(intern, task.taskId, 'as another device');
  await settleAll(scene.laptop, scene.desk);
  expect(await listNotes(employer)).toEqual(['as another device']);
  // And a sign-in later on is the same device still.
  const again = await signInAgain(scene.laptop, scene.server.url, intern.record.email);
  expect(again.record.seatId).toBe(intern.record.seatId);
});

test('SY-16 a device id that cannot be had is given up, and the next attempt takes another', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const { accountKey } = intern.record;
  const rekey = async () => {
    const client = await scene.laptop.accounts.findClient(accountKey);
    if (client === undefined) throw new Error('no client');
    await scene.laptop.accounts.rekey(accountKey, client);
  };
  // A kill after the token of the new device was stored, and before the device was: seen from outside.
  await scene.laptop.sync.stop();
  await scene.laptop.close();
  const workspace = new Database(`${scene.folder}/laptop/workspace.db`);
  workspace.exec(`update "accounts" set "nextDeviceId" = "deviceId"`).close();
  scene.laptop = await openTestInstallation(`${scene.folder}/laptop`);
  await expect(rekey()).rejects.toMatchObject({ code: 'invalid_input', field: 'deviceId' });
  await rekey();
});

/** Access ends while all is known; then the server goes back, and hears of it from the desk before the laptop comes. */
async function endAccessAndRestore({ employer, intern }: { employer: Seat; intern: Seat }) {
  await settleAll(scene.laptop, scene.desk);
  await employer.mutate(
    'member.remove',
    { membershipId: intern.record.membershipId, reason: null },
    { subject: 'Ines' },
  );
  await settleAll(scene.desk);
  await waitFor('the end of access', async () => {
    scene.laptop.sync.kick();
    const state = await intern.db.selectFrom('seatState').selectAll().executeTakeFirstOrThrow();
    return state.accessLostAt !== null;
  });
  const sent = (await listStates(intern)).filter(({ state }) => state === 'settled');
  expect(sent).not.toHaveLength(0);

  scene.proxy.isDown = true;
  await restoreServer();
  // The desk is first: the server knows again that access has ended, and nothing of the submission.
  await settleAll(scene.desk);
  await scene.laptop.close();
  scene.proxy.isDown = false;
  scene.laptop = await openTestInstallation(`${scene.folder}/laptop`);
  scene.laptop.sync.start();
}

test('SY-15 SY-10 work that a restored server has lost reaches it from a person whose access has ended', async () => {
  const { employer, intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  await backUpServer();
  const submissionId = await submit(intern, task, { note: 'handed in, then lost' });
  await endAccessAndRestore({ employer, intern });
  const [held] = await waitFor('the work at the desk', async () => {
    await settle(scene.desk);
    const rows = await employer.db.selectFrom('quarantinedChanges').selectAll().execute();
    return rows.length > 0 && rows;
  });
  expect(held?.state).toBe('waiting');
  const mutation = JSON.parse(held?.mutationJson ?? '{}') as {
    args: { submissionId: string };
    acknowledged: { receipt: object | null } | null;
  };
  expect(mutation.args.submissionId).toBe(submissionId);
  // The receipt goes with it: what was on time once is on time.
  expect(mutation.acknowledged?.receipt).not.toBeNull();
  const reopened = scene.laptop.seats.find(intern.record.seatId);
  const row = await waitFor('the answer', async () =>
    reopened?.db
      .selectFrom('outboxStates')
      .select('state')
      .where('mutationId', '=', held?.id ?? '')
      .where('state', '=', 'quarantined')
      .executeTakeFirst(),
  );
  expect(row.state).toBe('quarantined');
}, 90_000);

test('SY-15 SY-10 so do imported hours, split hours and timesheets', async () => {
  const { employer, intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  await backUpServer();
  const { taskId } = task;
  const subject = 'hours';
  const [timeEntryId, restId] = [uuid(), uuid()];
  const entry = {
    taskId,
    startedAt: '2026-05-04T09:00:00.000Z',
    endedAt: '2026-05-04T11:30:00.000Z',
    zone: 'Europe/Lisbon',
    source: 'manual' as const,
    note: 'imported',
  };
  await intern.mutate('time.import', { ...entry, timeEntryId }, { subject });
  const between = '2026-05-04T10:00:00.000Z';
  await intern.mutate(
    'time.rearrange',
    {
      kind: 'split',
      changes: [{ timeEntryId, patch: { endedAt: between }, seen: {} }],
      additions: [{ ...entry, timeEntryId: restId, startedAt: between, originId: timeEntryId }],
    },
    { subject },
  );
  const { engagementId } = await intern.db
    .selectFrom('tasks')
    .select('engagementId')
    .executeTakeFirstOrThrow();
  await intern.mutate(
    'timesheet.submit',
    {
      timesheetId: uuid(),
      engagementId,
      kind: 'work',
      startsOn: '2026-05-04',
      endsOn: '2026-05-04',
      zone: 'Europe/Lisbon',
      startsAt: null,
      endsAt: null,
      taskId,
      submissionId: null,
      note: '',
      timeEntryIds: [timeEntryId, restId],
    },
    { subject },
  );
  await endAccessAndRestore({ employer, intern });
  const held = await waitFor('the work at the desk', async () => {
    await settle(scene.desk);
    const rows = await employer.db.selectFrom('quarantinedChanges').select('name').execute();
    return rows.length > 2 && rows.map(({ name }) => name).sort();
  });
  expect(held).toEqual(['time.import', 'time.rearrange', 'timesheet.submit']);
}, 90_000);
