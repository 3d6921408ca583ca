import { beforeEach, expect, it } from 'vitest';
import { computeDerivedId } from '../../../src/shared/domain/derived-id.ts';
import { computeTimesheetHash } from '../../../src/shared/domain/timesheet-hash.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import { type TestIntern, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

let organization: TestOrganization;
let intern: TestIntern;
let taskId: string;
let timeEntryId: string;

beforeEach(async () => {
  organization = await TestOrganization.create((await startTestServer()).url);
  intern = await organization.addIntern();
  ({ taskId } = await organization.assignTask(intern.engagementId));
  timeEntryId = createId();
});

const at = (time: string) => `2026-03-02T${time}:00.000Z`;
const push = async (name: string, args: unknown) =>
  intern.device.pushOne(organization.orgId, name, args);

/** As one of several copies of a workspace sends what the timer has run in it. */
const createStretch = (id: string, from: string, to: string, changes = {}) => ({
  timeEntryId: id,
  taskId,
  startedAt: at(from),
  endedAt: at(to),
  zone: 'Europe/Berlin',
  source: 'timer',
  note: 'calls',
  ...changes,
});
const record = async (id: string, from: string, to: string, changes = {}) =>
  push('time.add', createStretch(id, from, to, changes));
const computeNext = (id: string, from: string) =>
  computeDerivedId(id, `from/${at(from)}`, computeSha256);

const listEntries = async () =>
  (await organization.owner.list(organization.orgId, 'timeEntries')).filter(
    (row) => row['deletedAt'] === null,
  );
const listRecorded = async () => {
  const stretches = (await listEntries()).map((row): [string, string] => [
    String(row['startedAt']).slice(11, 16),
    String(row['endedAt']).slice(11, 16),
  ]);
  return stretches.toSorted(([left], [right]) => left.localeCompare(right));
};

it('SY-16 a timer that two copies have stopped counts once, and what only one has seen stays', async () => {
  await record(timeEntryId, '09:00', '09:20');
  expect(await record(timeEntryId, '09:00', '09:30')).toMatchObject({ status: 'applied' });
  expect(await record(timeEntryId, '08:50', '09:10')).toMatchObject({ status: 'applied' });
  expect(await record(timeEntryId, '09:05', '09:25')).toMatchObject({ status: 'applied' });
  expect(await listRecorded()).toEqual([
    ['08:50', '09:00'],
    ['09:00', '09:20'],
    ['09:20', '09:30'],
  ]);
});

it('SY-16 so does one that went on in the copies from different instants', async () => {
  await record(timeEntryId, '09:00', '09:05');
  await record(computeNext(timeEntryId, '09:10'), '09:10', '09:40');
  // The other copy lay still until 09:20.
  expect(await record(computeNext(timeEntryId, '09:20'), '09:20', '09:50')).toMatchObject({
    status: 'applied',
  });
  // A third never did.
  await record(timeEntryId, '09:00', '09:30');
  expect(await listRecorded()).toEqual([
    ['09:00', '09:05'],
    ['09:05', '09:10'],
    ['09:10', '09:40'],
    ['09:40', '09:50'],
  ]);
});

it('SY-16 stretches around a gap that are sent together count once, each by itself', async () => {
  await record(timeEntryId, '09:00', '09:30');
  const additions = [
    createStretch(timeEntryId, '09:00', '09:10'),
    createStretch(computeNext(timeEntryId, '09:20'), '09:20', '09:40'),
  ].map((addition) => ({ ...addition, originId: null }));
  expect(await push('time.rearrange', { kind: 'gap', changes: [], additions })).toMatchObject({
    status: 'applied',
  });
  expect(await listRecorded()).toEqual([
    ['09:00', '09:30'],
    ['09:30', '09:40'],
  ]);
});

it('SY-16 what was cut off, or deleted, in one copy does not come back with the other', async () => {
  await record(timeEntryId, '09:00', '09:20');
  await push('time.edit', { timeEntryId, patch: { endedAt: at('09:15') }, seen: {} });
  await record(timeEntryId, '09:00', '09:30');
  expect(await listRecorded()).toEqual([
    ['09:00', '09:15'],
    ['09:20', '09:30'],
  ]);
  await push('time.delete', { timeEntryId, deleted: true, seen: {} });
  await record(timeEntryId, '09:10', '09:20');
  expect(await listRecorded()).toEqual([['09:20', '09:30']]);
});

it('SY-16 another timer, and another person’s, takes nothing away', async () => {
  await record(timeEntryId, '09:00', '09:20');
  await record(createId(), '09:10', '09:30');
  const other = await organization.addIntern('Otto');
  const task = await organization.assignTask(other.engagementId);
  const args = createStretch(timeEntryId, '09:00', '09:30', { taskId: task.taskId });
  expect(await other.device.pushOne(organization.orgId, 'time.add', args)).toMatchObject({
    status: 'rejected',
    code: 'conflict',
  });
  expect(await listRecorded()).toEqual([
    ['09:00', '09:20'],
    ['09:10', '09:30'],
  ]);
});

it('SY-16 words that would be lost with the time are refused, so that the person keeps them', async () => {
  await record(timeEntryId, '09:00', '09:30');
  const words = { note: 'calls, and a letter' };
  expect(await record(timeEntryId, '09:00', '09:20', words)).toMatchObject({
    status: 'rejected',
    code: 'conflict',
  });
  expect(await record(timeEntryId, '09:00', '09:40', words)).toMatchObject({ status: 'applied' });
  expect(new Set((await listEntries()).map((row) => row['note']))).toEqual(
    new Set(['calls', 'calls, and a letter']),
  );
});

it('SY-16 of approved days only what the copy has not recorded is asked for', async () => {
  await record(timeEntryId, '09:00', '09:20');
  const timesheetId = createId();
  await push('timesheet.submit', {
    timesheetId,
    engagementId: intern.engagementId,
    kind: 'period',
    startsOn: '2026-03-02',
    endsOn: '2026-03-08',
    zone: 'Europe/Berlin',
    startsAt: '2026-03-01T23:00:00.000Z',
    endsAt: '2026-03-08T23:00:00.000Z',
    taskId: null,
    submissionId: null,
    note: '',
    timeEntryIds: [timeEntryId],
  });
  const contentHash = computeTimesheetHash((await listEntries()) as never, computeSha256);
  const decide = async (name: string, args: object) =>
    organization.owner.pushOne(organization.orgId, name, { note: '', ...args });
  expect(
    await decide('timesheet.decide', {
      timesheetId,
      decision: 'approved',
      comments: [],
      contentHash,
    }),
  ).toMatchObject({ status: 'applied' });
  await record(timeEntryId, '09:00', '09:10');
  await record(timeEntryId, '09:00', '09:30');
  const [request, ...others] = await organization.owner.list(
    organization.orgId,
    'timeChangeRequests',
  );
  expect(others).toEqual([]);
  const requestId = request?.['id'];
  expect(await decide('timeChange.decide', { requestId, decision: 'accepted' })).toMatchObject({
    status: 'applied',
  });
  expect(await listRecorded()).toEqual([
    ['09:00', '09:20'],
    ['09:20', '09:30'],
  ]);
});
