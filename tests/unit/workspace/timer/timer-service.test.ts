import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addOrganization,
  assignTestTask,
  catchRefusal,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

const second = 1000;
const minute = 60 * second;

let test: TestWorkspace;
let organization: TestOrganization;
let seatId: string;
let taskId: string;

beforeEach(async () => {
  test = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(test);
  seatId = organization.intern.record.seatId;
  taskId = await assignTestTask(test, organization);
});

afterEach(async () => {
  await test.close();
});

async function listRecorded() {
  const { timeEntries } = await test.ask('task.get', { seatId, taskId });
  return timeEntries
    .map(({ startedAt, endedAt, source, note }) => ({ startedAt, endedAt, source, note }))
    .reverse();
}

const start = (note = '') => test.ask('timer.start', { seatId, taskId, note });

describe('a timer that runs without trouble', () => {
  it('is recorded from its start for as long as it ran, in this computer’s zone', async () => {
    await start('first calls');
    await test.run(25 * minute);
    const { timeEntryId } = await test.ask('timer.stop', {});

    const { timeEntries } = await test.ask('task.get', { seatId, taskId });
    expect(timeEntries).toMatchObject([
      {
        timeEntryId,
        startedAt: '2026-03-02T09:00:00.000Z',
        endedAt: '2026-03-02T09:25:00.000Z',
        zone: 'Europe/Berlin',
        seconds: 1500,
        source: 'timer',
        note: 'first calls',
        mark: 'on_this_computer',
      },
    ]);
    expect(await test.ask('timer.get', {})).toBeNull();
    expect(test.machine.alarmCount).toBe(0);
  });

  it('says what it has run so far, on which task, with the note changed on the way', async () => {
    await start();
    await test.run(90 * second);
    await test.ask('timer.setNote', { note: 'calls' });
    expect(await test.ask('timer.get', {})).toMatchObject({
      seatId,
      taskId,
      taskTitle: 'Interview five owners',
      elapsedSeconds: 90,
      note: 'calls',
      gap: null,
    });
    expect(test.events).toContainEqual({ type: 'timer' });
  });

  it('records nothing when it ran for less than a second', async () => {
    await start();
    await test.run(900);
    expect(await test.ask('timer.stop', {})).toEqual({ timeEntryId: null });
    expect(await listRecorded()).toEqual([]);
    expect(await test.ask('timer.get', {})).toBeNull();
  });

  it('stops and records the one that runs when another task is started', async () => {
    const other = await assignTestTask(test, organization, { title: 'Write it up' });
    await start();
    await test.run(10 * minute);
    await test.ask('timer.start', { seatId, taskId: other });
    expect(await listRecorded()).toMatchObject([{ endedAt: '2026-03-02T09:10:00.000Z' }]);
    expect(await test.ask('timer.get', {})).toMatchObject({ taskId: other, elapsedSeconds: 0 });
  });

  it('is one over all seats: starting on another organization’s task stops it', async () => {
    const elsewhere = await addOrganization(test);
    const other = await assignTestTask(test, elsewhere);
    await start();
    await test.run(10 * minute);
    await test.ask('timer.start', { seatId: elsewhere.intern.record.seatId, taskId: other });
    expect(await listRecorded()).toHaveLength(1);
    const rows = await organization.intern.db.selectFrom('timers').selectAll().execute();
    expect(rows).toEqual([]);
  });

  it('goes on when the same task is started again', async () => {
    const first = await start();
    await test.run(10 * minute);
    const again = await start();
    expect(again).toMatchObject({ timeEntryId: first.timeEntryId, elapsedSeconds: 600 });
    expect(await listRecorded()).toEqual([]);
  });

  it('is refused on an employer’s seat, and on a task that is not there', async () => {
    const employer = organization.owner.record.seatId;
    const forbidden = await catchRefusal(test.ask('timer.start', { seatId: employer, taskId }));
    expect(forbidden.code).toBe('forbidden');
    const missing = await catchRefusal(
      test.ask('timer.start', { seatId, taskId: organization.engagementId }),
    );
    expect(missing).toMatchObject({ code: 'not_found', field: 'taskId' });
  });
});

describe('a timer on a task that the intern no longer sees', () => {
  it('SY-10 can be stopped; its time is kept among what needs attention, and not sent', async () => {
    await start('calls');
    await test.run(10 * minute);
    const { db } = organization.intern;
    await db.deleteFrom('tasks').execute();
    await test.ask('timer.stop', {});
    expect(await test.ask('timer.get', {})).toBeNull();
    const kept = await db
      .selectFrom('outbox')
      .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
      .select(['name', 'argsJson', 'state'])
      .execute();
    expect(kept).toMatchObject([{ name: 'time.add', state: 'kept' }]);
    expect(JSON.parse(kept[0]?.argsJson ?? '')).toMatchObject({
      startedAt: '2026-03-02T09:00:00.000Z',
      endedAt: '2026-03-02T09:10:00.000Z',
      note: 'calls',
    });
  });
});

describe('a timer through a kill of the program', () => {
  it('goes on, with the time since the last heartbeat as a gap that does not count yet', async () => {
    await start();
    await test.run(10 * minute + 20 * second);
    await test.kill(5 * minute);
    expect(await test.ask('timer.get', {})).toMatchObject({
      elapsedSeconds: 600,
      gap: { lastSeenAt: '2026-03-02T09:10:00.000Z', resumedAt: '2026-03-02T09:15:20.000Z' },
    });
    await test.run(2 * minute);
    expect(await test.ask('timer.get', {})).toMatchObject({ elapsedSeconds: 720 });
  });

  it('counts the gap when the person says that they worked through it', async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(5 * minute);
    await test.run(minute);
    const kept = await test.ask('timer.resolveGap', { decision: 'keep_all' });
    expect(kept).toMatchObject({ elapsedSeconds: 16 * 60, gap: null });
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toMatchObject([
      { startedAt: '2026-03-02T09:00:00.000Z', endedAt: '2026-03-02T09:16:00.000Z' },
    ]);
  });

  it('records what ran before the gap and goes on from its end, when the person says so', async () => {
    const first = await start('a');
    await test.run(10 * minute);
    await test.kill(5 * minute);
    await test.run(minute);
    const next = await test.ask('timer.resolveGap', { decision: 'keep_until_last_seen' });
    expect(next).toMatchObject({
      startedAt: '2026-03-02T09:15:00.000Z',
      elapsedSeconds: 60,
      gap: null,
      note: 'a',
    });
    expect(next?.timeEntryId).not.toBe(first.timeEntryId);
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toMatchObject([
      { startedAt: '2026-03-02T09:00:00.000Z', endedAt: '2026-03-02T09:10:00.000Z' },
      { startedAt: '2026-03-02T09:15:00.000Z', endedAt: '2026-03-02T09:16:00.000Z' },
    ]);
  });

  it('drops everything when the person discards it', async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(5 * minute);
    expect(await test.ask('timer.resolveGap', { decision: 'discard' })).toBeNull();
    expect(await test.ask('timer.get', {})).toBeNull();
    expect(await listRecorded()).toEqual([]);
  });

  it('stopped with the gap open, records both proven stretches and not the gap', async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(5 * minute);
    await test.run(3 * minute);
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toMatchObject([
      { startedAt: '2026-03-02T09:00:00.000Z', endedAt: '2026-03-02T09:10:00.000Z' },
      { startedAt: '2026-03-02T09:15:00.000Z', endedAt: '2026-03-02T09:18:00.000Z' },
    ]);
    expect(await test.ask('timer.get', {})).toBeNull();
  });

  it('killed twice with the first gap open, records what ran before it and asks about the newer', async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(5 * minute);
    await test.run(4 * minute);
    await test.kill(7 * minute);
    expect(await listRecorded()).toMatchObject([{ endedAt: '2026-03-02T09:10:00.000Z' }]);
    expect(await test.ask('timer.get', {})).toMatchObject({
      startedAt: '2026-03-02T09:15:00.000Z',
      elapsedSeconds: 240,
      gap: { lastSeenAt: '2026-03-02T09:19:00.000Z', resumedAt: '2026-03-02T09:26:00.000Z' },
    });
    await test.ask('timer.resolveGap', { decision: 'keep_all' });
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toMatchObject([
      { endedAt: '2026-03-02T09:10:00.000Z' },
      { startedAt: '2026-03-02T09:15:00.000Z', endedAt: '2026-03-02T09:26:00.000Z' },
    ]);
  });

  it('doubles nothing: what a kill finds stopped stays stopped', async () => {
    await start();
    await test.run(10 * minute);
    await test.ask('timer.stop', {});
    await test.kill(minute);
    expect(await test.ask('timer.get', {})).toBeNull();
    expect(await listRecorded()).toHaveLength(1);
  });

  it('closed properly, loses not even the seconds since the last heartbeat', async () => {
    await start();
    await test.run(10 * minute + 20 * second);
    await test.workspace.timer.close();
    await test.kill(5 * minute);
    expect(await test.ask('timer.get', {})).toMatchObject({
      elapsedSeconds: 620,
      gap: { lastSeenAt: '2026-03-02T09:10:20.000Z' },
    });
  });
});

describe('a timer through sleep', () => {
  it('finds a gap when the wall clock went on and the monotonic clock stood still', async () => {
    await start();
    await test.run(10 * minute);
    test.machine.sleep(60 * minute, { monotonicRuns: false });
    await test.run(30 * second);
    expect(await test.ask('timer.get', {})).toMatchObject({
      elapsedSeconds: 630,
      gap: { lastSeenAt: '2026-03-02T09:10:30.000Z', resumedAt: '2026-03-02T10:10:30.000Z' },
    });
  });

  it('finds a gap when the heartbeat came far too late by the monotonic clock', async () => {
    await start();
    await test.run(10 * minute);
    test.machine.sleep(60 * minute, { monotonicRuns: true });
    await test.run(0);
    expect(await test.ask('timer.get', {})).toMatchObject({
      elapsedSeconds: 600,
      gap: { lastSeenAt: '2026-03-02T09:10:00.000Z', resumedAt: '2026-03-02T10:10:00.000Z' },
    });
  });

  it('finds it also when the person stops the timer before the next heartbeat', async () => {
    await start();
    await test.run(10 * minute);
    test.machine.sleep(8 * 60 * minute, { monotonicRuns: false });
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toMatchObject([
      { startedAt: '2026-03-02T09:00:00.000Z', endedAt: '2026-03-02T09:10:00.000Z' },
    ]);
  });

  it('asks nothing about a doze of a minute', async () => {
    await start();
    await test.run(10 * minute);
    test.machine.sleep(minute, { monotonicRuns: false });
    await test.run(30 * second);
    expect(await test.ask('timer.get', {})).toMatchObject({ gap: null, elapsedSeconds: 630 });
  });
});

describe('a timer through a change of the clock', () => {
  it('keeps its length when the wall clock is set back', async () => {
    await start();
    await test.run(10 * minute);
    test.machine.setWallClock('2026-03-02T08:00:00.000Z');
    await test.run(5 * minute);
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toMatchObject([
      { startedAt: '2026-03-02T09:00:00.000Z', endedAt: '2026-03-02T09:15:00.000Z' },
    ]);
  });

  it('claims nothing when the wall clock is set forward, and loses nothing proven', async () => {
    await start();
    await test.run(10 * minute);
    test.machine.setWallClock('2026-03-02T12:00:00.000Z');
    await test.run(5 * minute);
    await test.ask('timer.stop', {});
    const recorded = await listRecorded();
    const totalMs = recorded.reduce(
      (sum, entry) => sum + Date.parse(entry.endedAt) - Date.parse(entry.startedAt),
      0,
    );
    expect(totalMs).toBe(15 * minute);
  });

  it('has no gap of negative length when the clock was set back while the program was off', async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(-60 * minute);
    const timer = await test.ask('timer.get', {});
    expect(timer?.gap).toEqual({
      kind: 'not_running',
      lastSeenAt: '2026-03-02T09:10:00.000Z',
      resumedAt: '2026-03-02T09:10:00.000Z',
    });
    expect(await test.ask('timer.resolveGap', { decision: 'keep_all' })).toMatchObject({
      elapsedSeconds: 600,
    });
  });
});
