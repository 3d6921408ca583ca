import { expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { computeTimesheetHash } from '../../../../src/shared/domain/timesheet-hash.ts';
import { MovableClock } from '../../../support/sync/movable-clock.ts';
import {
  addHalfHour,
  backUpTestServer,
  restoreTestServer,
  settleAll,
} from '../../../support/sync/restored-server.ts';
import {
  openTestInstallation,
  ports,
  settle,
  uuid,
} from '../../../support/sync/test-installation.ts';
import { assignTask, setUpPair } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const dayMs = 24 * 3_600_000;

const scene = setUpSyncScene();

const backUpServer = async (): Promise<void> => {
  scene.server = await backUpTestServer(scene.server, scene.folder);
};
const restoreServer = async (): Promise<void> => {
  scene.server = await restoreTestServer(scene.server, scene.folder);
};

const listStates = (seat: Seat) =>
  seat.db.selectFrom('outboxStates').selectAll().orderBy('deviceSeq').execute();

test('SY-15 what nobody brings back is refused for the person to see after fourteen days', async () => {
  const { employer, intern, employment } = await setUpPair(
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
  await restoreServer();
  const clock = new MovableClock();
  // At each start of the program what waits is sent once more.
  const startAgain = async () => {
    await scene.laptop.close();
    scene.laptop = await openTestInstallation(scene.laptop.folder, clock);
    const [seat] = scene.laptop.seats.list();
    if (seat === undefined) throw new Error('no seat');
    scene.laptop.sync.start();
    await settle(scene.laptop);
    return (await listStates(seat)).at(-1);
  };
  const first = await startAgain();
  expect(first).toMatchObject({ state: 'pending', code: 'not_found' });
  clock.pass(13 * dayMs);
  expect(await startAgain()).toEqual(first);
  clock.pass(2 * dayMs);
  const refused = await startAgain();
  expect(refused).toMatchObject({ state: 'rejected', code: 'not_found' });
  expect(refused?.message).toContain(lost.taskId);
});

test('SY-15 an approval of other time than the restored server has got back is refused for the person to see', async () => {
  const { employer, intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  await settleAll(scene.laptop, scene.desk);
  await backUpServer();
  const timeEntryId = await addHalfHour(intern, task.taskId, 'nine to half past');
  const { engagementId } = await intern.db
    .selectFrom('tasks')
    .select('engagementId')
    .executeTakeFirstOrThrow();
  const timesheetId = uuid();
  await intern.mutate(
    'timesheet.submit',
    {
      timesheetId,
      engagementId,
      kind: 'period',
      startsOn: '2026-05-04',
      endsOn: '2026-05-10',
      zone: 'Europe/Lisbon',
      startsAt: '2026-05-03T23:00:00.000Z',
      endsAt: '2026-05-10T23:00:00.000Z',
      taskId: null,
      submissionId: null,
      note: '',
      timeEntryIds: [timeEntryId],
    },
    { subject: 'sheet' },
  );
  await settleAll(scene.laptop, scene.desk);
  // Changed on the train, before the approval was heard of: it becomes a request.
  scene.proxy.isDown = true;
  const seen = await intern.db
    .selectFrom('timeEntries')
    .select(['startedAt', 'endedAt', 'note', 'taskId'])
    .executeTakeFirstOrThrow();
  await intern.mutate(
    'time.edit',
    { timeEntryId, patch: { endedAt: '2026-05-04T17:00:00.000Z' }, seen },
    { subject: 'late' },
  );
  const entries = await employer.db.selectFrom('timeEntries').selectAll().execute();
  const approve = async (contentHash: string) =>
    employer.mutate(
      'timesheet.decide',
      { timesheetId, decision: 'approved', note: '', comments: [], contentHash },
      { subject: 'sheet' },
    );
  await approve(computeTimesheetHash(entries, ports.sha256Hex));
  await settle(scene.desk);
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  await settleAll(scene.laptop, scene.desk);
  const look = async () => ({
    sheet: (await employer.db.selectFrom('timesheets').select('state').execute())[0]?.state,
    endedAt: (await employer.db.selectFrom('timeEntries').select('endedAt').execute())[0]?.endedAt,
    requests: await employer.db.selectFrom('timeChangeRequests').select('state').execute(),
    decision: (await listStates(employer)).at(-1)?.state,
  });
  expect(await look()).toEqual({
    sheet: 'approved',
    endedAt: '2026-05-04T09:30:00.000Z',
    requests: [{ state: 'waiting' }],
    decision: 'settled',
  });

  // The intern is first: no approval stands against the change any more, and it is made.
  await restoreServer();
  await settleAll(scene.laptop, scene.desk, scene.laptop, scene.desk);
  const changed = { endedAt: '2026-05-04T17:00:00.000Z', requests: [] };
  expect(await look()).toEqual({ ...changed, sheet: 'submitted', decision: 'rejected' });
  expect((await listStates(employer)).at(-1)).toMatchObject({ code: 'conflict' });
  // It can be looked at again.
  const present = await employer.db.selectFrom('timeEntries').selectAll().execute();
  await approve(computeTimesheetHash(present, ports.sha256Hex));
  await settleAll(scene.desk);
  expect(await look()).toEqual({ ...changed, sheet: 'approved', decision: 'settled' });
}, 90_000);
