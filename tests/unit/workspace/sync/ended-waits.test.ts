import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { computeTimesheetHash } from '../../../../src/shared/domain/timesheet-hash.ts';
import type { RunningServer } from '../../../../src/server/start-server.ts';
import { type FaultProxy, startFaultProxy } from '../../../support/sync/fault-proxy.ts';
import { MovableClock } from '../../../support/sync/movable-clock.ts';
import {
  addHalfHour,
  backUpTestServer,
  restoreTestServer,
  settleAll,
} from '../../../support/sync/restored-server.ts';
import {
  makeTemporaryFolder,
  openTestInstallation,
  ports,
  settle,
  type TestInstallation,
  uuid,
} from '../../../support/sync/test-installation.ts';
import { assignTask, setUpPair, startTestServer } from '../../../support/sync/test-organization.ts';

const dayMs = 24 * 3_600_000;

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
  for (const installation of [desk, laptop]) await installation.close();
  await proxy.close();
  await server.close();
  await temporary.remove();
});

const backUpServer = async (): Promise<void> => {
  server = await backUpTestServer(server, temporary.path);
};
const restoreServer = async (): Promise<void> => {
  server = await restoreTestServer(server, temporary.path);
};

const listStates = (seat: Seat) =>
  seat.db.selectFrom('outboxStates').selectAll().orderBy('deviceSeq').execute();

test('SY-15 what nobody brings back is refused for the person to see after fourteen days', async () => {
  const { employer, intern, employment } = await setUpPair(desk, laptop, server.url);
  await backUpServer();
  const lost = await assignTask(employer, employment.engagementId, { title: 'Lost' });
  await settleAll(desk, laptop);
  await addHalfHour(intern, lost.taskId, 'on a task that is lost');
  await settleAll(laptop, desk);
  await desk.sync.stop();
  await restoreServer();
  const clock = new MovableClock();
  // At each start of the program what waits is sent once more.
  const startAgain = async () => {
    await laptop.close();
    laptop = await openTestInstallation(laptop.folder, clock);
    const [seat] = laptop.seats.list();
    if (seat === undefined) throw new Error('no seat');
    laptop.sync.start();
    await settle(laptop);
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
  const { employer, intern, task } = await setUpPair(desk, laptop, server.url, proxy.url);
  await settleAll(laptop, desk);
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
  await settleAll(laptop, desk);
  // Changed on the train, before the approval was heard of: it becomes a request.
  proxy.isDown = true;
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
  await settle(desk);
  proxy.isDown = false;
  laptop.sync.kick();
  await settleAll(laptop, desk);
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
  await settleAll(laptop, desk, laptop, desk);
  const changed = { endedAt: '2026-05-04T17:00:00.000Z', requests: [] };
  expect(await look()).toEqual({ ...changed, sheet: 'submitted', decision: 'rejected' });
  expect((await listStates(employer)).at(-1)).toMatchObject({ code: 'conflict' });
  // It can be looked at again.
  const present = await employer.db.selectFrom('timeEntries').selectAll().execute();
  await approve(computeTimesheetHash(present, ports.sha256Hex));
  await settleAll(desk);
  expect(await look()).toEqual({ ...changed, sheet: 'approved', decision: 'settled' });
}, 90_000);
