import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { recordStretches } from '../../../../src/main/workspace/timer/timer-recording.ts';
import { openTestRecoverableEngine } from '../../../support/workspace/test-engine.ts';
import { computeSha256 } from '../../../support/server/test-ids.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

const minute = 60_000;

let test: TestWorkspace;
let organization: TestOrganization;
let seatId: string;
let taskId: string;
const copies: TestWorkspace[] = [];

beforeEach(async () => {
  test = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(test);
  seatId = organization.intern.record.seatId;
  taskId = await assignTestTask(test, organization);
});
afterEach(async () => {
  for (const workspace of [...copies.splice(0), test]) await workspace.close();
});

const time = (clock: string) => `2026-03-02T${clock}:00.000Z`;

/** The workspace as it is now, on another machine, or as it will be restored at an instant. */
async function copyWorkspace(openedAt: string, date = '2026-03-02'): Promise<TestWorkspace> {
  const now = `${date}T${openedAt}:00.000Z`;
  const copy = await openTestWorkspace({ copyOf: test.workspace.folder, now });
  copies.push(copy);
  return copy;
}

function getSeat(at: TestWorkspace, id: string): Seat {
  const seat = at.workspace.seats.find(id);
  if (seat === undefined) throw new Error('no seat');
  return seat;
}

/** What the one has recorded comes to the other. */
const carry = async (from: TestWorkspace, to: TestWorkspace) =>
  carryRows(getSeat(from, seatId), getSeat(to, seatId));

const start = async () => test.ask('timer.start', { seatId, taskId, note: 'calls' });
const stop = async (at: TestWorkspace) => at.ask('timer.stop', {});

async function listRecorded(at: TestWorkspace) {
  const { timeEntries } = await at.ask('task.get', { seatId, taskId });
  return timeEntries
    .toSorted((left, right) => (left.startedAt < right.startedAt ? -1 : 1))
    .map(({ startedAt, endedAt }) => [startedAt.slice(11, 16), endedAt.slice(11, 16)]);
}

async function answerAll(at: TestWorkspace) {
  for (const { questionId } of await at.ask('timer.questions', {}))
    await at.ask('timer.answer', { seatId, questionId, counted: 'all' });
}

const createStretch = (timeEntryId: string) => ({
  timeEntryId,
  taskId,
  startedAt: time('09:00'),
  endedAt: time('09:30'),
  zone: 'Europe/Berlin',
  note: 'calls',
});

/** Refused as the rules say it; `kept` as what needs attention. */
const listKept = async (at: TestWorkspace) =>
  getSeat(at, seatId)
    .db.selectFrom('outboxStates')
    .innerJoin('outbox', 'outbox.id', 'outboxStates.mutationId')
    .select(['outbox.name', 'outboxStates.code'])
    .where('outboxStates.state', '=', 'kept')
    .execute();

describe('SY-16 a timer that another copy of the workspace has stopped', () => {
  it('is stopped here too, and records only what ran after that', async () => {
    await start();
    const copy = await copyWorkspace('09:00');
    await copy.workspace.timer.recover();
    await copy.ask('timer.resolveGap', { decision: 'keep_all' });
    await test.run(20 * minute);
    await stop(test);
    await copy.run(25 * minute);
    await carry(test, copy);
    await copy.run(5 * minute);
    expect(await copy.ask('timer.get', {})).toMatchObject({
      startedAt: time('09:20'),
      elapsedSeconds: 600,
    });
    expect(await stop(copy)).not.toEqual({ timeEntryId: null });
    expect(await copy.ask('timer.get', {})).toBeNull();
    expect(await listRecorded(copy)).toEqual([
      ['09:00', '09:20'],
      ['09:20', '09:30'],
    ]);
    await carry(copy, test);
    expect(await listRecorded(test)).toEqual(await listRecorded(copy));
  });

  it('records nothing where less had run here, and makes room for another', async () => {
    await start();
    await test.run(10 * minute);
    const copy = await copyWorkspace('09:30');
    await test.run(10 * minute);
    await stop(test);
    await carry(test, copy);
    await copy.workspace.timer.recover();
    // Of the time that nobody saw, the other has recorded a part.
    expect(await copy.ask('timer.get', {})).toMatchObject({
      gap: { lastSeenAt: time('09:20'), resumedAt: time('09:30') },
    });
    const other = await assignTestTask(copy, organization, { title: 'Write it up' });
    await carryRows(organization.owner, getSeat(copy, seatId));
    await carryRows(getSeat(copy, organization.owner.record.seatId), getSeat(copy, seatId));
    await copy.ask('timer.start', { seatId, taskId: other, note: '' });
    expect(await copy.ask('timer.get', {})).toMatchObject({ taskId: other });
    expect(await listRecorded(copy)).toEqual([['09:00', '09:20']]);
    await answerAll(copy);
    expect(await listRecorded(copy)).toEqual([
      ['09:00', '09:20'],
      ['09:20', '09:30'],
    ]);
  });

  it('leaves to nobody what was cut off its entry since', async () => {
    const { timeEntryId } = await start();
    const copy = await copyWorkspace('09:00');
    await copy.workspace.timer.recover();
    await test.run(20 * minute);
    await stop(test);
    await test.ask('hours.edit', { seatId, timeEntryId, patch: { endedAt: time('09:15') } });
    await copy.ask('timer.resolveGap', { decision: 'keep_all' });
    await copy.run(30 * minute);
    await carry(test, copy);
    await stop(copy);
    expect(await listRecorded(copy)).toEqual([
      ['09:00', '09:15'],
      ['09:20', '09:30'],
    ]);
  });

  it('counts nothing of a week by itself that lay between the copy and its first start', async () => {
    await start();
    await test.run(10 * minute);
    const copy = await copyWorkspace('09:00', '2026-03-09');
    await test.run(10 * minute);
    await stop(test);
    await copy.workspace.timer.recover();
    await copy.run(10 * minute);
    await carry(test, copy);
    expect(await copy.ask('timer.get', {})).toMatchObject({
      gap: { lastSeenAt: time('09:20'), resumedAt: '2026-03-09T09:00:00.000Z' },
    });
    await stop(copy);
    expect(await listRecorded(copy)).toEqual([
      ['09:00', '09:20'],
      ['09:00', '09:10'],
    ]);
    expect(await copy.ask('timer.questions', {})).toMatchObject([
      { startedAt: time('09:20'), endedAt: '2026-03-09T09:00:00.000Z' },
    ]);
  });

  it('does not keep the program closed, though its gap was not answered', async () => {
    await start();
    await test.run(25 * minute);
    const copy = await copyWorkspace('10:25');
    await test.run(15 * minute);
    await stop(test);
    await copy.workspace.timer.recover();
    await carry(test, copy);
    await copy.run(5 * minute);
    await copy.kill(60 * minute);
    expect(await copy.ask('timer.get', {})).toMatchObject({
      taskId,
      gap: { lastSeenAt: time('10:30') },
    });
    expect(await copy.ask('timer.questions', {})).toMatchObject([
      { startedAt: time('09:40'), endedAt: time('10:25') },
    ]);
    await stop(copy);
    expect(await listRecorded(copy)).toEqual([
      ['09:00', '09:40'],
      ['10:25', '10:30'],
    ]);
    const engine = await openTestRecoverableEngine(copy.workspace.folder, {
      startsSync: false,
      keepsCopies: false,
    });
    await engine.close();
  });
});

describe('SY-16 a timer that goes on under another id in a copy, since only there lies a gap', () => {
  it('counts nothing of what the copy has recorded', async () => {
    await start();
    const copy = await copyWorkspace('09:10');
    await copy.workspace.timer.recover();
    await copy.run(10 * minute);
    await stop(copy);
    expect(await listRecorded(copy)).toEqual([['09:10', '09:20']]);
    await test.run(15 * minute);
    await carry(copy, test);
    await test.run(15 * minute);
    expect(await stop(test)).not.toEqual({ timeEntryId: null });
    expect(await listRecorded(test)).toEqual([
      ['09:00', '09:10'],
      ['09:10', '09:20'],
      ['09:20', '09:30'],
    ]);
    await carry(test, copy);
    await answerAll(copy);
    expect(await listRecorded(copy)).toEqual(await listRecorded(test));
  });

  it('counts there nothing of what was recorded here', async () => {
    await start();
    const copy = await copyWorkspace('09:10');
    await copy.workspace.timer.recover();
    await copy.run(10 * minute);
    await test.run(30 * minute);
    await stop(test);
    await carry(test, copy);
    await copy.run(20 * minute);
    await stop(copy);
    await answerAll(copy);
    expect(await listRecorded(copy)).toEqual([
      ['09:00', '09:30'],
      ['09:30', '09:40'],
    ]);
  });

  it('counts once what both went on with where nothing had been recorded before their gaps', async () => {
    await start();
    const copy = await copyWorkspace('09:05');
    await copy.workspace.timer.recover();
    await copy.ask('timer.resolveGap', { decision: 'keep_until_last_seen' });
    await test.kill(10 * minute);
    await test.ask('timer.resolveGap', { decision: 'keep_until_last_seen' });
    await test.run(10 * minute);
    await stop(test);
    await copy.run(10 * minute);
    await carry(test, copy);
    await copy.run(10 * minute);
    await stop(copy);
    expect(await listRecorded(copy)).toEqual([
      ['09:05', '09:10'],
      ['09:10', '09:20'],
      ['09:20', '09:25'],
    ]);
  });

  it('counts once what began before the program was back, as the person says', async () => {
    await start();
    await test.run(10 * minute);
    const copy = await copyWorkspace('09:40');
    await copy.workspace.timer.recover();
    await copy.ask('timer.resolveGap', {
      decision: 'split',
      stretches: [{ startedAt: time('09:30'), endedAt: time('09:40') }],
    });
    await copy.run(10 * minute);
    await stop(copy);
    await test.run(20 * minute);
    await carry(copy, test);
    await test.run(30 * minute);
    await stop(test);
    expect(await listRecorded(test)).toEqual([
      ['09:00', '09:10'],
      ['09:10', '09:30'],
      ['09:30', '09:50'],
      ['09:50', '10:00'],
    ]);
  });

  it('keeps the question about a gap before which nothing ran, though it ends at once', async () => {
    await start();
    await test.kill(10 * minute);
    await stop(test);
    await answerAll(test);
    expect(await listRecorded(test)).toEqual([['09:00', '09:10']]);
  });

  it('leaves nothing to record where the copy has recorded all, and ends', async () => {
    await start();
    const copy = await copyWorkspace('09:10');
    await copy.workspace.timer.recover();
    await test.run(30 * minute);
    await stop(test);
    await carry(test, copy);
    await copy.run(10 * minute);
    expect(await stop(copy)).toEqual({ timeEntryId: null });
    expect(await copy.ask('timer.get', {})).toBeNull();
    await answerAll(copy);
    expect(await listRecorded(copy)).toEqual([['09:00', '09:30']]);
  });
});

describe('SY-16 a gap that was answered in another copy of the workspace', () => {
  it('counts once, whatever is answered here', async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(50 * minute);
    await test.run(5 * minute);
    const copy = await copyWorkspace('11:00');
    await stop(test);
    const [question] = await test.ask('timer.questions', {});
    await test.ask('timer.answer', {
      seatId,
      questionId: question?.questionId ?? '',
      counted: [{ startedAt: time('09:30'), endedAt: time('09:40') }],
    });
    await carry(test, copy);
    await copy.workspace.timer.recover();
    await copy.ask('timer.resolveGap', { decision: 'keep_until_last_seen' });
    await stop(copy);
    expect(await copy.ask('timer.questions', {})).toMatchObject([{ startedAt: time('09:10') }]);
    await answerAll(copy);
    expect(await listRecorded(copy)).toEqual([
      ['09:00', '09:10'],
      ['09:10', '09:30'],
      ['09:30', '09:40'],
      ['09:40', '10:00'],
      ['10:00', '10:05'],
    ]);
  });

  it('changes nothing when the same is answered again', async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(50 * minute);
    await stop(test);
    const copy = await copyWorkspace('11:00');
    await answerAll(test);
    await carry(test, copy);
    await answerAll(copy);
    expect(await copy.ask('timer.questions', {})).toEqual([]);
    expect(await listRecorded(copy)).toEqual([
      ['09:00', '09:10'],
      ['09:10', '10:00'],
    ]);
  });
});

it('SY-16 what the other has recorded between the look and the recording is left out', async () => {
  await start();
  await test.run(20 * minute);
  const { timeEntryId } = await stop(test);
  await organization.intern.mutate(
    'time.add',
    { ...createStretch(timeEntryId ?? ''), source: 'timer' },
    { subject: 'hours' },
  );
  expect(await listRecorded(test)).toEqual([
    ['09:00', '09:20'],
    ['09:20', '09:30'],
  ]);
});

it('time that the rules refuse is kept among what needs attention', async () => {
  const taken = await test.ask('hours.add', {
    seatId,
    taskId,
    startedAt: time('07:00'),
    endedAt: time('07:10'),
    note: '',
  });
  let isDone = false;
  const stretch = createStretch(taken.timeEntryId);
  await recordStretches(organization.intern, [stretch], computeSha256, async () => {
    isDone = true;
  });
  expect(isDone).toBe(true);
  expect(await listRecorded(test)).toEqual([['07:00', '07:10']]);
  expect(await listKept(test)).toEqual([{ name: 'time.add', code: 'conflict' }]);
});

it('SY-16 words about time that a copy has recorded without them are kept', async () => {
  await start();
  await test.run(20 * minute);
  const { timeEntryId } = await stop(test);
  const stretch = createStretch(timeEntryId ?? '');
  const record = async (note: string) =>
    recordStretches(
      organization.intern,
      [{ ...stretch, endedAt: time('09:10'), note }],
      computeSha256,
      async () => {},
    );
  expect(await record('calls')).toBeUndefined();
  expect(await listKept(test)).toEqual([]);
  await record('calls, and a letter');
  expect(await listRecorded(test)).toEqual([['09:00', '09:20']]);
  expect(await listKept(test)).toEqual([{ name: 'time.add', code: 'conflict' }]);
});

it('a timer that cannot be taken up does not keep the program closed', async () => {
  await start();
  await test.run(20 * minute);
  await organization.intern.db.updateTable('timers').set({ lastSeenAt: 'unreadable' }).execute();
  const copy = await copyWorkspace('10:00');
  const engine = await openTestRecoverableEngine(copy.workspace.folder, {
    startsSync: false,
    keepsCopies: false,
  });
  await engine.close();
});
