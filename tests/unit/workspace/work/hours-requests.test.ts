import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { computeOverlappingIds } from '../../../../src/shared/domain/overlaps.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
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
  test = await openTestWorkspace({ now: '2026-03-30T09:00:00.000Z' });
  organization = await addOrganization(test);
  seatId = organization.intern.record.seatId;
  taskId = await assignTestTask(test, organization);
});

afterEach(async () => {
  await test.close();
});

const add = (startedAt: string, endedAt: string, note = '') =>
  test.ask('hours.add', { seatId, taskId, startedAt, endedAt, note });

describe('hours by hand', () => {
  it('are recorded with this computer’s zone', async () => {
    const entry = await add('2026-03-02T09:00:00.000Z', '2026-03-02T10:30:00.000Z', 'calls');
    expect(entry).toMatchObject({
      taskId,
      taskTitle: 'Interview five owners',
      zone: 'Europe/Berlin',
      seconds: 5400,
      source: 'manual',
      note: 'calls',
      overlaps: false,
      mark: 'on_this_computer',
    });
  });

  it('are refused when they end before they begin', async () => {
    const refusal = await catchRefusal(add('2026-03-02T10:00:00.000Z', '2026-03-02T09:00:00.000Z'));
    expect(refusal).toMatchObject({ code: 'invalid_input', field: 'endedAt' });
  });

  it('can be changed, moved to another task, deleted and brought back', async () => {
    const other = await assignTestTask(test, organization, { title: 'Write it up' });
    const { timeEntryId } = await add('2026-03-02T09:00:00.000Z', '2026-03-02T10:00:00.000Z');
    const edited = await test.ask('hours.edit', {
      seatId,
      timeEntryId,
      patch: { endedAt: '2026-03-02T09:30:00.000Z', taskId: other },
    });
    expect(edited).toMatchObject({ seconds: 1800, taskTitle: 'Write it up' });
    await test.ask('hours.delete', { seatId, timeEntryId, deleted: true });
    const day = { from: '2026-03-02', to: '2026-03-02' };
    expect((await test.ask('hours.list', day)).entries).toEqual([]);
    await test.ask('hours.delete', { seatId, timeEntryId, deleted: false });
    expect((await test.ask('hours.list', day)).entries).toHaveLength(1);
  });

  it('of an entry that is not there are not found', async () => {
    const timeEntryId = taskId;
    for (const answer of [
      test.ask('hours.edit', { seatId, timeEntryId, patch: { note: 'x' } }),
      test.ask('hours.delete', { seatId, timeEntryId, deleted: true }),
    ])
      expect(await catchRefusal(answer)).toMatchObject({
        code: 'not_found',
        field: 'timeEntryId',
      });
  });

  it('are not an employer’s to record', async () => {
    const refusal = await catchRefusal(
      test.ask('hours.add', {
        seatId: organization.owner.record.seatId,
        taskId,
        startedAt: '2026-03-02T09:00:00.000Z',
        endedAt: '2026-03-02T10:00:00.000Z',
      }),
    );
    expect(refusal.code).toBe('forbidden');
  });
});

describe('the list of hours', () => {
  it('puts entries on the day on which they began here, across a change of the clocks', async () => {
    // 29 March 2026 has 23 hours in Berlin: from 23:00 UTC to 22:00 UTC.
    await add('2026-03-28T22:30:00.000Z', '2026-03-28T22:59:00.000Z');
    await add('2026-03-28T23:00:00.000Z', '2026-03-28T23:30:00.000Z');
    await add('2026-03-29T21:59:00.000Z', '2026-03-29T22:59:00.000Z');
    await add('2026-03-29T22:00:00.000Z', '2026-03-29T22:10:00.000Z');
    const hours = await test.ask('hours.list', { from: '2026-03-29', to: '2026-03-30' });
    expect(hours.days).toEqual([
      { date: '2026-03-30', seconds: 600, coveredSeconds: 600 },
      { date: '2026-03-29', seconds: 1800 + 3600, coveredSeconds: 5400 },
    ]);
    expect(hours.entries.map(({ startedAt }) => startedAt)).toEqual([
      '2026-03-29T22:00:00.000Z',
      '2026-03-29T21:59:00.000Z',
      '2026-03-28T23:00:00.000Z',
    ]);
    expect(hours).toMatchObject({ totalSeconds: 6000, coveredSeconds: 1800 + 3660 - 60 });
  });

  it('flags what overlaps, also with an entry outside the days asked for and one for someone else', async () => {
    const elsewhere = await addOrganization(test);
    const otherTask = await assignTestTask(test, elsewhere);
    await add('2026-03-01T22:30:00.000Z', '2026-03-02T00:30:00.000Z');
    await add('2026-03-02T00:00:00.000Z', '2026-03-02T01:00:00.000Z');
    await add('2026-03-02T08:00:00.000Z', '2026-03-02T09:00:00.000Z');
    await add('2026-03-02T09:00:00.000Z', '2026-03-02T10:00:00.000Z');
    await test.ask('hours.add', {
      seatId: elsewhere.intern.record.seatId,
      taskId: otherTask,
      startedAt: '2026-03-02T09:30:00.000Z',
      endedAt: '2026-03-02T09:45:00.000Z',
    });
    const hours = await test.ask('hours.list', { from: '2026-03-02', to: '2026-03-02' });
    const flags = hours.entries.map(({ startedAt, overlaps }) => [
      startedAt.slice(11, 16),
      overlaps,
    ]);
    expect(flags).toEqual([
      ['09:30', true],
      ['09:00', true],
      ['08:00', false],
      ['00:00', true],
    ]);
    expect(hours.budgets).toHaveLength(2);
    expect(hours.entryCount).toBe(4);
    // The first of them only: the same entries, flags and sums, over both organizations.
    for (const limit of [1, 2, 3])
      expect(await test.ask('hours.list', { from: '2026-03-02', to: '2026-03-02', limit })).toEqual(
        { ...hours, entries: hours.entries.slice(0, limit) },
      );
  });

  it('flags what overlaps on days far apart, and of a long entry that began the day before', async () => {
    await add('2026-01-10T08:00:00.000Z', '2026-01-10T09:00:00.000Z');
    await add('2026-01-10T08:30:00.000Z', '2026-01-10T08:40:00.000Z');
    await add('2026-02-10T08:00:00.000Z', '2026-02-10T09:00:00.000Z');
    await add('2026-02-20T13:00:00.000Z', '2026-02-21T08:30:00.000Z');
    await add('2026-02-21T08:00:00.000Z', '2026-02-21T09:00:00.000Z');
    await add('2026-02-21T09:00:00.000Z', '2026-02-21T10:00:00.000Z');
    const { entries } = await test.ask('hours.list', { from: '2026-01-01', to: '2026-03-02' });
    expect(entries.map(({ startedAt, overlaps }) => [startedAt.slice(5, 16), overlaps])).toEqual([
      ['02-21T09:00', false],
      ['02-21T08:00', true],
      ['02-20T13:00', true],
      ['02-10T08:00', false],
      ['01-10T08:30', true],
      ['01-10T08:00', true],
    ]);
  });

  it('flags what overlaps after the days asked for an entry of another organization', async () => {
    const elsewhere = await addOrganization(test);
    const otherTask = await assignTestTask(test, elsewhere);
    // The days are those of Berlin: until 23:00 by this clock.
    await add('2026-03-02T22:30:00.000Z', '2026-03-02T23:30:00.000Z');
    await test.ask('hours.add', {
      seatId: elsewhere.intern.record.seatId,
      taskId: otherTask,
      startedAt: '2026-03-02T23:10:00.000Z',
      endedAt: '2026-03-03T00:10:00.000Z',
    });
    const { entries } = await test.ask('hours.list', { from: '2026-03-02', to: '2026-03-02' });
    expect(entries).toMatchObject([{ startedAt: '2026-03-02T22:30:00.000Z', overlaps: true }]);
  });

  it('gives the whole budget of each engagement, whatever days are asked for', async () => {
    await add('2026-03-01T10:00:00.000Z', '2026-03-01T11:00:00.000Z');
    await add('2026-03-01T10:30:00.000Z', '2026-03-01T11:00:00.000Z');
    const hours = await test.ask('hours.list', { seatId, from: '2026-03-20', to: '2026-03-20' });
    expect(hours.entries).toEqual([]);
    expect(hours.budgets).toEqual([
      {
        engagementId: organization.engagementId,
        projectTitle: 'Coastal cafés',
        budget: { budgetMinutes: 1200, workedSeconds: 5400, coveredSeconds: 3600 },
      },
    ]);
  });

  it('shows an employer the hours of an engagement', async () => {
    await add('2026-03-01T10:00:00.000Z', '2026-03-01T11:00:00.000Z');
    await carryRows(organization.intern, organization.owner);
    const hours = await test.ask('hours.list', {
      seatId: organization.owner.record.seatId,
      engagementId: organization.engagementId,
      from: '2026-03-01',
      to: '2026-03-01',
    });
    expect(hours.totalSeconds).toBe(3600);
    // Without a seat, hours are one's own: nothing appears twice where both roles share a computer.
    const own = await test.ask('hours.list', { from: '2026-03-01', to: '2026-03-01' });
    expect(own.totalSeconds).toBe(3600);
  });

  it('is refused for days in the wrong order, and for more than a year', async () => {
    const backwards = test.ask('hours.list', { from: '2026-03-02', to: '2026-03-01' });
    expect(await catchRefusal(backwards)).toMatchObject({ code: 'invalid_input', field: 'to' });
    const begunMs = performance.now();
    for (const range of [
      { from: '2025-03-01', to: '2026-03-02' },
      { from: '0001-01-01', to: '9999-12-31' },
    ])
      expect(await catchRefusal(test.ask('hours.list', range))).toMatchObject({
        code: 'invalid_input',
        field: 'to',
      });
    // What is much too long is not looked through first.
    expect(performance.now() - begunMs).toBeLessThan(2000);
    await test.ask('hours.list', { from: '2025-03-01', to: '2026-03-01' });
  });
});

describe('the sweep for overlaps', () => {
  const stretch = (id: string, start: number, end: number, owner = 'a') => ({
    id,
    owner,
    startedAt: `2026-03-01T${String(start).padStart(2, '0')}:00:00.000Z`,
    endedAt: `2026-03-01T${String(end).padStart(2, '0')}:00:00.000Z`,
  });

  it('finds what comparing every pair finds', () => {
    let seed = 7;
    const draw = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let round = 0; round < 200; round += 1) {
      const stretches = Array.from({ length: 8 }, (_, index) => {
        const start = draw(20);
        return stretch(String(index), start, start + 1 + draw(4), draw(3) === 0 ? 'b' : 'a');
      });
      const expected = stretches
        .filter((one) =>
          stretches.some(
            (other) =>
              other !== one &&
              other.owner === one.owner &&
              other.startedAt < one.endedAt &&
              one.startedAt < other.endedAt,
          ),
        )
        .map(({ id }) => id);
      expect([...computeOverlappingIds(stretches)].sort()).toEqual(expected.sort());
    }
  });

  it('lets neighbours and different people be', () => {
    expect(
      computeOverlappingIds([stretch('1', 1, 2), stretch('2', 2, 3), stretch('3', 1, 3, 'b')]).size,
    ).toBe(0);
  });
});
