import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RequestOutput } from '../../../../src/shared/contract/contract.ts';
import { loadPendingBatch } from '../../../../src/main/workspace/sync/push-batch.ts';
import { PushPace } from '../../../../src/main/workspace/sync/push-pace.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
let internSeat: string;
let taskId: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T18:00:00.000Z' });
  organization = await addOrganization(workspace);
  internSeat = organization.intern.record.seatId;
  taskId = await assignTestTask(workspace, organization, { title: 'Call six shops' });
});

afterEach(async () => {
  await workspace.close();
});

const at = (hour: number): string => `2026-03-02T${String(hour).padStart(2, '0')}:00:00.000Z`;

const record = async (from: number, to: number, note: string) =>
  await workspace.ask('hours.add', {
    seatId: internSeat,
    taskId,
    startedAt: at(from),
    endedAt: at(to),
    note,
  });

/** What the intern did since, as a server holds it that no longer lets them in, and as the employer sees it. */
async function hold(): Promise<RequestOutput<'quarantine.list'>> {
  const { intern, owner } = organization;
  const { orgId, membershipId } = intern.record;
  const known = await owner.db.selectFrom('quarantinedChanges').select('id').execute();
  const batch = await loadPendingBatch(intern, new PushPace());
  for (const mutation of batch.filter(({ id }) => known.every((row) => row.id !== id)))
    await owner.db
      .insertInto('quarantinedChanges')
      .values({
        orgId,
        id: mutation.id,
        scope: 'desk',
        name: mutation.name,
        version: mutation.version,
        mutationJson: JSON.stringify(mutation),
        membershipId,
        accountId: membershipId,
        deviceId: membershipId,
        claimedAt: mutation.claimedAt,
        receivedAt: mutation.claimedAt,
        reason: 'access_ended',
        state: 'waiting',
        decidedBy: null,
        decidedAt: null,
        decisionReason: null,
        problem: null,
      })
      .execute();
  return await workspace.ask('quarantine.list', { seatId: owner.record.seatId });
}

test('SY-10 held work says which time it is about, whatever was done to it', async () => {
  const entry = await record(8, 11, 'All morning');
  await carryRows(organization.intern, organization.owner);
  const [added] = await hold();
  expect(added).toMatchObject({
    label: 'Record time',
    taskTitle: 'Call six shops',
    note: 'All morning',
    stretches: [{ startedAt: at(8), endedAt: at(11), effect: 'added' }],
    period: null,
  });

  await workspace.ask('hours.split', {
    seatId: internSeat,
    timeEntryId: entry.timeEntryId,
    parts: [
      { startedAt: at(8), endedAt: at(9), note: 'Calls' },
      { startedAt: at(10), endedAt: at(11), note: 'The list' },
    ],
  });
  const split = (await hold()).find(({ label }) => label === 'Split or merge recorded time');
  expect(split).toMatchObject({ taskTitle: 'Call six shops', note: '' });
  expect(split?.stretches).toEqual([
    { startedAt: at(8), endedAt: at(9), note: 'Calls', effect: 'changed' },
    { startedAt: at(10), endedAt: at(11), note: 'The list', effect: 'added' },
  ]);

  await workspace.ask('hours.requestChange', {
    seatId: internSeat,
    change: { kind: 'delete', timeEntryId: entry.timeEntryId },
    reason: 'It was a holiday.',
  });
  const asked = (await hold()).find(({ label }) => label === 'Ask for a change of approved time');
  expect(asked).toMatchObject({
    note: 'It was a holiday.',
    stretches: [{ startedAt: at(8), effect: 'removed' }],
  });
});

test('SY-10 a held timesheet says its days and how much stands on it, though its time waits as well', async () => {
  await record(8, 11, 'All morning');
  await workspace.ask('timesheet.submit', {
    seatId: internSeat,
    engagementId: organization.engagementId,
    of: { from: '2026-03-02', to: '2026-03-08' },
    note: 'The first week',
  });
  const sheet = (await hold()).find(({ label }) => label === 'Hand in hours');
  expect(sheet).toMatchObject({
    kind: 'time',
    note: 'The first week',
    taskTitle: '',
    projectTitle: 'Coastal cafés',
    stretches: [],
    period: { startsOn: '2026-03-02', endsOn: '2026-03-08', entryCount: 1 },
  });

  // Once the time itself is there, it is told, too.
  await carryRows(organization.intern, organization.owner);
  const known = (await hold()).find(({ label }) => label === 'Hand in hours');
  expect(known?.stretches).toEqual([
    { startedAt: at(8), endedAt: at(11), note: 'All morning', effect: 'handed_in' },
  ]);
});
