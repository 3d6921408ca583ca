import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domainTables } from '../../../../src/shared/database/domain-tables.ts';
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
let idleMs = 0;
let zone = 'Europe/Berlin';

beforeEach(async () => {
  idleMs = 0;
  zone = 'Europe/Berlin';
  test = await openTestWorkspace({
    now: '2026-03-02T09:00:00.000Z',
    zone: () => zone,
    readIdleMs: () => idleMs,
  });
  organization = await addOrganization(test);
  seatId = organization.intern.record.seatId;
  taskId = await assignTestTask(test, organization);
});

afterEach(async () => {
  await test.close();
});

const time = (clock: string) => `2026-03-02T${clock}:00.000Z`;
const start = async () => test.ask('timer.start', { seatId, taskId, note: 'calls' });
const listQuestions = async () => test.ask('timer.questions', {});

async function listRecorded() {
  const { timeEntries } = await test.ask('task.get', { seatId, taskId });
  return timeEntries
    .map(({ startedAt, endedAt }) => [startedAt.slice(11, 16), endedAt.slice(11, 16)])
    .reverse();
}

/** Nobody touches the computer; what the system says grows with the time. */
async function runIdle(durationMs: number): Promise<void> {
  for (let ranMs = 0; ranMs < durationMs; ranMs += 30 * second) {
    idleMs += 30 * second;
    await test.run(30 * second);
  }
}

describe('a gap that is split', () => {
  /** Ran 09:00 to 09:10, was off until 11:00, and has run for a minute since. */
  const makeGap = async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(110 * minute);
    await test.run(minute);
  };

  it('records each part that was worked through, beside what was proven', async () => {
    await makeGap();
    const next = await test.ask('timer.resolveGap', {
      decision: 'split',
      stretches: [
        { startedAt: time('10:30'), endedAt: time('10:45') },
        { startedAt: time('09:30'), endedAt: time('10:00') },
      ],
    });
    expect(next).toMatchObject({ startedAt: time('11:00'), elapsedSeconds: 60, gap: null });
    expect(await listRecorded()).toEqual([
      ['09:00', '09:10'],
      ['09:30', '10:00'],
      ['10:30', '10:45'],
    ]);
  });

  it('makes one entry with what ran before it, or has run since, where a part touches that', async () => {
    await makeGap();
    const next = await test.ask('timer.resolveGap', {
      decision: 'split',
      stretches: [
        { startedAt: time('09:10'), endedAt: time('09:25') },
        { startedAt: time('10:40'), endedAt: time('11:00') },
      ],
    });
    expect(next).toMatchObject({ startedAt: time('10:40'), elapsedSeconds: 21 * 60 });
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toEqual([
      ['09:00', '09:25'],
      ['10:40', '11:01'],
    ]);
  });

  it('is one change, and survives a kill right after', async () => {
    await makeGap();
    const stretches = [{ startedAt: time('09:30'), endedAt: time('10:00') }];
    await test.ask('timer.resolveGap', { decision: 'split', stretches });
    await test.kill(0);
    expect(await listRecorded()).toEqual([
      ['09:00', '09:10'],
      ['09:30', '10:00'],
    ]);
    const names = await test.workspace.seats
      .find(seatId)
      ?.db.selectFrom('outbox')
      .select('name')
      .execute();
    expect(names?.filter(({ name }) => name.startsWith('time.'))).toEqual([
      { name: 'time.rearrange' },
    ]);
  });

  it.each([
    ['outside of it', [{ startedAt: time('09:05'), endedAt: time('09:30') }]],
    ['without length', [{ startedAt: time('09:30'), endedAt: time('09:30') }]],
    [
      'that cover the same time',
      [
        { startedAt: time('09:30'), endedAt: time('10:00') },
        { startedAt: time('09:45'), endedAt: time('10:15') },
      ],
    ],
  ])('refuses parts %s, and asks on', async (_, stretches) => {
    await makeGap();
    const refusal = await catchRefusal(
      test.ask('timer.resolveGap', { decision: 'split', stretches }),
    );
    expect(refusal).toMatchObject({ code: 'invalid_input', field: 'stretches' });
    expect(await test.ask('timer.get', {})).toMatchObject({ gap: { lastSeenAt: time('09:10') } });
  });
});

describe('a gap whose timer is stopped before it was answered', () => {
  it('stands as a question, with its facts, and is recorded when the person says so', async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(50 * minute);
    await test.run(5 * minute);
    await test.ask('timer.stop', {});
    const [question, ...others] = await listQuestions();
    expect(others).toEqual([]);
    expect(question).toMatchObject({
      kind: 'not_running',
      taskId,
      startedAt: time('09:10'),
      endedAt: time('10:00'),
    });
    const questionId = question?.questionId ?? '';
    await test.ask('timer.answer', { seatId, questionId, counted: 'all' });
    expect(await listRecorded()).toEqual([
      ['09:00', '09:10'],
      ['09:10', '10:00'],
      ['10:00', '10:05'],
    ]);
    expect(await listQuestions()).toEqual([]);
    const again = await catchRefusal(
      test.ask('timer.answer', { seatId, questionId, counted: 'all' }),
    );
    expect(again.code).toBe('not_found');
  });

  it('also when a second gap comes before the first was answered: both are asked about', async () => {
    await start();
    await test.run(10 * minute);
    await test.kill(50 * minute);
    await test.run(5 * minute);
    test.machine.sleep(60 * minute, { monotonicRuns: true });
    await test.run(0);
    expect(await test.ask('timer.get', {})).toMatchObject({
      gap: { kind: 'asleep', lastSeenAt: time('10:05'), resumedAt: time('11:05') },
    });
    const [question] = await listQuestions();
    expect(question).toMatchObject({ kind: 'not_running', startedAt: time('09:10') });
    const counted = [{ startedAt: time('09:30'), endedAt: time('09:40') }];
    await test.ask('timer.answer', { seatId, questionId: question?.questionId ?? '', counted });
    expect(await listRecorded()).toEqual([
      ['09:00', '09:10'],
      ['09:30', '09:40'],
    ]);
  });
});

describe('time without anybody at the computer', () => {
  it('is offered for removal after five minutes, and counts until the person says otherwise', async () => {
    await start();
    await test.run(10 * minute);
    await runIdle(20 * minute);
    expect(await listQuestions()).toMatchObject([{ kind: 'idle', startedAt: time('09:10') }]);
    idleMs = 0;
    await test.run(30 * second);
    expect(await listQuestions()).toMatchObject([
      { startedAt: time('09:10'), endedAt: '2026-03-02T09:30:30.000Z' },
    ]);
    expect(await test.ask('timer.get', {})).toMatchObject({ elapsedSeconds: 1830, gap: null });
    const [question] = await listQuestions();
    await test.ask('timer.answer', {
      seatId,
      questionId: question?.questionId ?? '',
      counted: 'all',
    });
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toEqual([['09:00', '09:30']]);
    expect(await listQuestions()).toEqual([]);
  });

  it('is not asked about when it was shorter', async () => {
    await start();
    await runIdle(4 * minute);
    idleMs = 0;
    await test.run(minute);
    expect(await listQuestions()).toEqual([]);
  });

  const idleOnce = async () => {
    await start();
    await test.run(10 * minute);
    await runIdle(20 * minute);
    idleMs = 0;
    await test.run(10 * minute);
    const [question] = await listQuestions();
    return { questionId: question?.questionId ?? '', endedAt: question?.endedAt ?? '' };
  };

  it('is taken out of the timer that runs, which goes on', async () => {
    const { questionId, endedAt } = await idleOnce();
    await test.ask('timer.answer', { seatId, questionId, counted: 'none' });
    expect(await test.ask('timer.get', {})).toMatchObject({ startedAt: endedAt });
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toEqual([
      ['09:00', '09:10'],
      [endedAt.slice(11, 16), '09:40'],
    ]);
    expect(await listQuestions()).toEqual([]);
  });

  it('is taken out of the entry when the timer was stopped meanwhile', async () => {
    const { questionId, endedAt } = await idleOnce();
    await test.ask('timer.stop', {});
    expect(await listRecorded()).toEqual([['09:00', '09:40']]);
    await test.ask('timer.answer', { seatId, questionId, counted: 'none' });
    expect(await listRecorded()).toEqual([
      ['09:00', '09:10'],
      [endedAt.slice(11, 16), '09:40'],
    ]);
  });

  it('goes with a timer that is discarded', async () => {
    await idleOnce();
    await test.kill(minute);
    await test.ask('timer.resolveGap', { decision: 'discard' });
    expect(await listQuestions()).toEqual([]);
  });

  it('is known on this computer alone: no table that is synchronised holds it, and no change names it', async () => {
    const { questionId } = await idleOnce();
    await test.ask('timer.answer', { seatId, questionId, counted: 'none' });
    await test.ask('timer.stop', {});
    expect(domainTables).not.toContain('timerQuestions');
    const rows = await organization.intern.db.selectFrom('outbox').select('argsJson').execute();
    for (const { argsJson } of rows) expect(argsJson).not.toMatch(/idle|hidden|question/i);
  });

  it('in a browser is what the page says of its visibility, after a quarter of an hour', async () => {
    await start();
    await test.run(30 * minute);
    await test.workspace.timer.noteHidden(10 * minute);
    expect(await listQuestions()).toEqual([]);
    await test.workspace.timer.noteHidden(20 * minute);
    expect(await listQuestions()).toMatchObject([
      { kind: 'page_hidden', startedAt: time('09:10'), endedAt: time('09:30') },
    ]);
  });
});

describe('a timer whose computer travels', () => {
  it('belongs to the place where it was started, for as long as it ran', async () => {
    await start();
    await test.run(30 * minute);
    zone = 'America/New_York';
    await test.run(30 * minute);
    const { timeEntryId } = await test.ask('timer.stop', {});
    const { timeEntries } = await test.ask('task.get', { seatId, taskId });
    expect(timeEntries).toMatchObject([{ timeEntryId, zone: 'Europe/Berlin', seconds: 3600 }]);
  });
});
