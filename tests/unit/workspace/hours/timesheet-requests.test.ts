import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syncHandlers } from '../../../../src/main/workspace/sync/sync-handlers.ts';
import {
  addOrganization,
  assignTestTask,
  catchRefusal,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let test: TestWorkspace;
let organization: TestOrganization;
let seatId: string;
let engagementId: string;
let taskId: string;

beforeEach(async () => {
  test = await openTestWorkspace({ now: '2026-03-09T09:00:00.000Z' });
  organization = await addOrganization(test);
  seatId = organization.intern.record.seatId;
  ({ engagementId } = organization);
  taskId = await assignTestTask(test, organization);
});

afterEach(async () => {
  await test.close();
});

const add = async (from: string, to: string) =>
  (
    await test.ask('hours.add', {
      seatId,
      taskId,
      startedAt: `2026-03-${from}:00.000Z`,
      endedAt: `2026-03-${to}:00.000Z`,
    })
  ).timeEntryId;

const week = { from: '2026-03-02', to: '2026-03-08' };

/** As the employer's decision would come back with a pull. */
async function approve(timesheetId: string): Promise<void> {
  await organization.intern.db
    .updateTable('timesheets')
    .set({ state: 'approved', decidedBy: organization.owner.record.membershipId })
    .where('id', '=', timesheetId)
    .execute();
}

describe('handing in hours', () => {
  it('takes the days’ time that stands on no other timesheet', async () => {
    await add('02T09:00', '02T10:00');
    await add('09T07:00', '09T08:00');
    const preview = await test.ask('timesheet.preview', { seatId, engagementId, of: week });
    expect(preview).toMatchObject({ exactSeconds: 3600, overlapCount: 0 });
    const { timesheetId } = await test.ask('timesheet.submit', { seatId, engagementId, of: week });
    const sheets = await test.ask('timesheets.list', { seatId });
    expect(sheets).toMatchObject([
      { timesheetId, state: 'submitted', entryCount: 1, exactSeconds: 3600 },
    ]);
    const again = await catchRefusal(
      test.ask('timesheet.submit', { seatId, engagementId, of: week }),
    );
    expect(again).toMatchObject({ code: 'refused', field: 'of' });
    await test.ask('timesheet.withdraw', { seatId, timesheetId });
    await test.ask('timesheet.submit', { seatId, engagementId, of: week });
  });

  it('says how many entries there are where one timesheet does not hold them all', async () => {
    const first = await add('02T09:00', '02T09:01');
    const { db } = organization.intern;
    const row = await db
      .selectFrom('timeEntries')
      .selectAll()
      .where('id', '=', first)
      .executeTakeFirstOrThrow();
    const { randomness } = test.workspace.ports;
    const more = Array.from({ length: 5000 }, () => ({ ...row, id: randomness.uuid() }));
    for (let start = 0; start < more.length; start += 500)
      await db
        .insertInto('timeEntries')
        .values(more.slice(start, start + 500))
        .execute();
    expect(
      await catchRefusal(test.ask('timesheet.submit', { seatId, engagementId, of: week })),
    ).toMatchObject({
      code: 'invalid_input',
      field: 'of',
      message:
        'there are 5,001 entries here, and one timesheet holds at most 5,000; hand in fewer days at a time',
    });
    await test.ask('hours.delete', { seatId, timeEntryId: first, deleted: true });
    await test.ask('timesheet.submit', { seatId, engagementId, of: week });
  });

  it('shows days, rounding beside the exact time, edits and overlaps', async () => {
    await organization.intern.db
      .updateTable('projects')
      .set({ roundingMinutes: 15, roundingMode: 'up', roundingPer: 'day' })
      .execute();
    const timeEntryId = await add('02T09:00', '02T10:01');
    // Across midnight in Berlin.
    await add('03T22:30', '03T23:35');
    await test.ask('hours.edit', { seatId, timeEntryId, patch: { note: 'calls' } });
    const { timesheetId } = await test.ask('timesheet.submit', { seatId, engagementId, of: week });
    const sheet = await test.ask('timesheet.get', { seatId, timesheetId });
    expect(sheet.item).toMatchObject({
      exactSeconds: 126 * 60,
      roundedSeconds: (75 + 30 + 45) * 60,
      rounding: { minutes: 15, mode: 'up', per: 'day' },
    });
    expect(sheet.days).toEqual([
      { date: '2026-03-02', exactSeconds: 61 * 60, roundedSeconds: 75 * 60 },
      { date: '2026-03-03', exactSeconds: 30 * 60, roundedSeconds: 30 * 60 },
      { date: '2026-03-04', exactSeconds: 35 * 60, roundedSeconds: 45 * 60 },
    ]);
    expect(sheet.entries.map(({ editCount }) => editCount)).toEqual([1, 0]);
    // The exact time is what is stored.
    const rows = await organization.intern.db.selectFrom('timeEntries').selectAll().execute();
    expect(rows.map(({ endedAt }) => endedAt).sort()).toEqual([
      '2026-03-02T10:01:00.000Z',
      '2026-03-03T23:35:00.000Z',
    ]);
  });

  it('of a task goes with its submission', async () => {
    await add('02T09:00', '02T10:00');
    await test.ask('draft.writeNote', { seatId, taskId, note: 'Here it is.' });
    const { submissionId } = await test.ask('submission.create', { seatId, taskId });
    await test.ask('timesheet.submit', { seatId, engagementId, of: { taskId, submissionId } });
    expect(await test.ask('timesheets.list', { seatId })).toMatchObject([
      { kind: 'work', taskTitle: 'Interview five owners', entryCount: 1 },
    ]);
  });
});

describe('what waits to be sent of a timesheet', () => {
  it('says of which project and which days it is, whoever sends it', async () => {
    await add('02T09:00', '02T10:00');
    const { timesheetId } = await test.ask('timesheet.submit', { seatId, engagementId, of: week });
    await test.ask('timesheet.withdraw', { seatId, timesheetId });
    const days = { startsOn: week.from, endsOn: week.to };
    const { changes } = await syncHandlers['sync.waiting']({}, test.workspace);
    const ofSheets = changes.filter(({ name }) => name.startsWith('timesheet.'));
    expect(ofSheets).toMatchObject([
      { name: 'timesheet.withdraw', subject: 'Coastal cafés', days },
      { name: 'timesheet.submit', subject: 'Coastal cafés', days },
    ]);
    expect(changes.find(({ name }) => name === 'time.add')?.days).toBeNull();
  });
});

describe('approved hours', () => {
  it('cannot be changed, only asked about with a reason, and the request can be taken back', async () => {
    const timeEntryId = await add('02T09:00', '02T10:00');
    const deletedBefore = await add('03T09:00', '03T10:00');
    await test.ask('hours.delete', { seatId, timeEntryId: deletedBefore, deleted: true });
    const { timesheetId } = await test.ask('timesheet.submit', { seatId, engagementId, of: week });
    await approve(timesheetId);
    const attempts = [
      test.ask('hours.delete', { seatId, timeEntryId: deletedBefore, deleted: false }),
      test.ask('hours.edit', { seatId, timeEntryId, patch: { note: 'x' } }),
      test.ask('hours.delete', { seatId, timeEntryId, deleted: true }),
      test.ask('hours.split', {
        seatId,
        timeEntryId,
        parts: [{ startedAt: '2026-03-02T09:00:00.000Z', endedAt: '2026-03-02T09:30:00.000Z' }],
      }),
      add('04T09:00', '04T10:00'),
    ];
    for (const attempt of attempts)
      expect(await catchRefusal(attempt)).toMatchObject({ code: 'refused' });
    const change = { kind: 'edit' as const, timeEntryId, patch: { note: 'calls' } };
    const unexplained = await catchRefusal(
      test.ask('hours.requestChange', { seatId, change, reason: '  ' }),
    );
    expect(unexplained).toMatchObject({ code: 'invalid_input', field: 'reason' });
    const { requestId } = await test.ask('hours.requestChange', {
      seatId,
      change,
      reason: 'I forgot what it was for',
    });
    expect(await test.ask('timeChanges.list', { seatId })).toMatchObject([
      { requestId, state: 'waiting', taskTitle: 'Interview five owners', entries: [{ note: '' }] },
    ]);
    await test.ask('timeChange.withdraw', { seatId, requestId });
    expect(await test.ask('timeChanges.list', { seatId })).toMatchObject([{ state: 'withdrawn' }]);
  });

  it('take what the timer records in them as a request: nothing is lost', async () => {
    test.machine.setWallClock('2026-03-05T09:00:00.000Z');
    await add('02T09:00', '02T10:00');
    const { timesheetId } = await test.ask('timesheet.submit', { seatId, engagementId, of: week });
    await approve(timesheetId);
    await test.ask('timer.start', { seatId, taskId });
    await test.run(10 * 60_000);
    await test.ask('timer.stop', {});
    expect(await test.ask('timeChanges.list', { seatId })).toMatchObject([
      { cameLate: true, state: 'waiting', change: { kind: 'add' } },
    ]);
  });
});

describe('the budget', () => {
  it('warns both sides from 80 % and from 100 %, says what is left, and stops nothing', async () => {
    await organization.intern.db
      .updateTable('engagements')
      .set({ hourBudgetMinutes: 600 })
      .execute();
    const stand = async () => (await test.ask('hours.budget', { seatId }))[0];
    await add('02T08:00', '02T15:59');
    expect(await stand()).toMatchObject({ level: 'within', leftSeconds: 121 * 60 });
    await add('03T08:00', '03T08:01');
    expect(await stand()).toMatchObject({ level: 'near', leftSeconds: 120 * 60 });
    await add('03T09:00', '03T12:00');
    expect(await stand()).toMatchObject({ level: 'over', leftSeconds: -60 * 60 });
    await add('04T09:00', '04T10:00');
    expect(await stand()).toMatchObject({ leftSeconds: -120 * 60 });
  });

  it('projects by the estimates of what is open', async () => {
    await organization.intern.db.updateTable('tasks').set({ estimateMinutes: 300 }).execute();
    await add('02T08:00', '02T10:00');
    expect(await test.ask('hours.budget', { seatId })).toMatchObject([
      { projection: { seconds: 300 * 60, basis: 'estimates' } },
    ]);
  });
});

describe('what an hour comes to', () => {
  it('is for the intern', async () => {
    await add('02T08:00', '02T10:00');
    expect(await test.ask('hours.effectiveRates', { seatId })).toMatchObject([
      { engagementId, workedSeconds: 7200, minorPerHour: expect.any(Number) },
    ]);
  });

  it('is refused on an employer’s seat', async () => {
    const employer = organization.owner.record.seatId;
    const refusal = await catchRefusal(test.ask('hours.effectiveRates', { seatId: employer }));
    expect(refusal.code).toBe('forbidden');
  });
});
