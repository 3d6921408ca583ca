import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
let taskId: string;

beforeEach(async () => {
  test = await openTestWorkspace({ now: '2026-03-04T09:00:00.000Z' });
  organization = await addOrganization(test);
  seatId = organization.intern.record.seatId;
  taskId = await assignTestTask(test, organization);
});

afterEach(async () => {
  await test.close();
});

const at = (clock: string) => `2026-03-02T${clock}:00.000Z`;
const add = async (from: string, to: string, note = 'calls') =>
  (
    await test.ask('hours.add', {
      seatId,
      taskId,
      startedAt: at(from),
      endedAt: at(to),
      note,
    })
  ).timeEntryId;

async function listHours() {
  const week = { from: '2026-03-02', to: '2026-03-08' };
  const { entries } = await test.ask('hours.list', { seatId, ...week });
  return entries
    .map(({ startedAt, endedAt }) => `${startedAt.slice(11, 16)}–${endedAt.slice(11, 16)}`)
    .reverse();
}

describe('splitting an entry', () => {
  it('makes parts with tasks and notes of their own; what no part covers is taken out; undo brings all back', async () => {
    const timeEntryId = await add('09:00', '12:00');
    const other = await assignTestTask(test, organization, { title: 'Write it up' });
    const { entries, undo } = await test.ask('hours.split', {
      seatId,
      timeEntryId,
      parts: [
        { startedAt: at('09:00'), endedAt: at('10:00') },
        { startedAt: at('10:30'), endedAt: at('11:00'), taskId: other, note: 'writing' },
        { startedAt: at('11:00'), endedAt: at('12:00') },
      ],
    });
    expect(entries.map(({ taskTitle, note }) => [taskTitle, note])).toEqual([
      ['Interview five owners', 'calls'],
      ['Write it up', 'writing'],
      ['Interview five owners', 'calls'],
    ]);
    expect(await listHours()).toEqual(['09:00–10:00', '10:30–11:00', '11:00–12:00']);
    await test.ask('hours.rearrange', { seatId, undo });
    expect(await listHours()).toEqual(['09:00–12:00']);
  });

  it('refuses parts that overlap or leave the entry', async () => {
    const timeEntryId = await add('09:00', '12:00');
    for (const parts of [
      [{ startedAt: at('08:00'), endedAt: at('10:00') }],
      [
        { startedAt: at('09:00'), endedAt: at('10:30') },
        { startedAt: at('10:00'), endedAt: at('12:00') },
      ],
    ]) {
      const refusal = await catchRefusal(test.ask('hours.split', { seatId, timeEntryId, parts }));
      expect(refusal).toMatchObject({ code: 'invalid_input', field: 'parts' });
    }
    expect(await listHours()).toEqual(['09:00–12:00']);
  });
});

describe('merging entries', () => {
  it('makes one of them, with all notes, and undo brings them back', async () => {
    const first = await add('09:00', '10:00', 'calls');
    const second = await add('10:00', '11:00', 'mails');
    const { entries, undo } = await test.ask('hours.merge', {
      seatId,
      timeEntryIds: [second, first],
    });
    expect(entries).toMatchObject([{ timeEntryId: first, note: 'calls; mails', seconds: 7200 }]);
    expect(await listHours()).toEqual(['09:00–11:00']);
    await test.ask('hours.rearrange', { seatId, undo });
    expect(await listHours()).toEqual(['09:00–10:00', '10:00–11:00']);
  });

  it('counts time between them only when the person says so', async () => {
    const timeEntryIds = [await add('09:00', '10:00'), await add('10:30', '11:00')];
    const refusal = await catchRefusal(test.ask('hours.merge', { seatId, timeEntryIds }));
    expect(refusal).toMatchObject({ code: 'invalid_input', field: 'coversGaps' });
    expect(await listHours()).toEqual(['09:00–10:00', '10:30–11:00']);
    await test.ask('hours.merge', { seatId, timeEntryIds, coversGaps: true });
    expect(await listHours()).toEqual(['09:00–11:00']);
  });
});

describe('merging entries with long notes', () => {
  it('cuts nothing off them: what is too long together is refused', async () => {
    const timeEntryIds = [
      await add('09:00', '10:00', 'a'.repeat(1500)),
      await add('10:00', '11:00', 'b'.repeat(1500)),
    ];
    const refusal = await catchRefusal(test.ask('hours.merge', { seatId, timeEntryIds }));
    expect(refusal).toMatchObject({ code: 'invalid_input', field: 'timeEntryIds' });
    expect(await listHours()).toEqual(['09:00–10:00', '10:00–11:00']);
  });
});

describe('the history of an entry', () => {
  it('shows every edit with what it replaced, a deletion and its return, newest first', async () => {
    const timeEntryId = await add('09:00', '10:00');
    await test.ask('hours.edit', { seatId, timeEntryId, patch: { endedAt: at('10:30') } });
    await test.run(1000);
    await test.ask('hours.delete', { seatId, timeEntryId, deleted: true });
    await test.run(1000);
    await test.ask('hours.delete', { seatId, timeEntryId, deleted: false });
    const events = await test.ask('hours.history', { seatId, timeEntryId });
    expect(events.map(({ kind, field, from, to }) => [kind, field, from, to])).toEqual([
      ['brought_back', null, null, null],
      ['deleted', null, null, null],
      ['changed', 'endedAt', at('10:00'), at('10:30')],
      ['recorded', null, null, null],
    ]);
  });
});

describe('entries that deserve a second look', () => {
  it('in the future are taken, and pointed out', async () => {
    await test.ask('hours.add', {
      seatId,
      taskId,
      startedAt: '2026-03-04T10:00:00.000Z',
      endedAt: '2026-03-04T11:00:00.000Z',
    });
    const week = { from: '2026-03-02', to: '2026-03-08' };
    const { entries } = await test.ask('hours.list', { seatId, ...week });
    expect(entries).toMatchObject([{ isInFuture: true, timesheet: null }]);
  });
});

describe('a stretch of years', () => {
  const years = { startedAt: '0001-01-01T00:00:00.000Z', endedAt: '9999-12-31T00:00:00.000Z' };

  it('is refused in words, since every view would add it up day by day', async () => {
    expect(await catchRefusal(test.ask('hours.add', { seatId, taskId, ...years }))).toMatchObject({
      code: 'invalid_input',
      field: 'endedAt',
      message: expect.stringContaining('more than a year') as string,
    });
    const timeEntryId = await add('09:00', '10:00');
    const { endedAt } = years;
    expect(
      await catchRefusal(test.ask('hours.edit', { seatId, timeEntryId, patch: { endedAt } })),
    ).toMatchObject({ code: 'invalid_input', field: 'endedAt' });
    expect(await listHours()).toEqual(['09:00–10:00']);
  });

  it('that is there from before can be described, and be made shorter', async () => {
    const timeEntryId = await add('09:00', '10:00');
    await organization.intern.db
      .updateTable('timeEntries')
      .set({ endedAt: '2028-03-02T10:00:00.000Z' })
      .execute();
    await test.ask('hours.edit', { seatId, timeEntryId, patch: { note: 'mistyped' } });
    await test.ask('hours.edit', { seatId, timeEntryId, patch: { endedAt: at('11:00') } });
    expect(await listHours()).toEqual(['09:00–11:00']);
  });
});
