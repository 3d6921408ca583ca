import { expect, test } from 'vitest';
import { judgeKill, listLostTime } from '../../../prove/timer/timer-oracle.ts';
import type { TimerWord } from '../../../prove/timer/timer-words.ts';

const at = (clock: string) => Date.parse(`2026-03-02T${clock}.000Z`);
const interval = (from: string, until: string) => ({ startMs: at(from), endMs: at(until) });
const started: TimerWord = { word: 'started', atMs: at('09:00:00') };

function makeState(
  entries: [string, string][],
  changes: Partial<Extract<TimerWord, { word: 'state' }>> = {},
): Extract<TimerWord, { word: 'state' }> {
  return {
    word: 'state',
    atMs: at('10:00:00'),
    timer: null,
    entries: entries.map(([from, until]) => interval(from, until)),
    questions: [],
    ...changes,
  };
}

test('the oracle sees time that is nowhere, and time that is there twice', () => {
  expect(listLostTime([started], makeState([['09:00:00', '10:00:00']]))).toEqual([]);
  const lost = makeState([
    ['09:00:00', '09:20:00'],
    ['09:30:00', '10:00:00'],
  ]);
  expect(listLostTime([started], lost)).toHaveLength(1);
  const asked = { ...lost, questions: [interval('09:20:00', '09:30:00')] };
  expect(listLostTime([started], asked)).toEqual([]);
  const said: TimerWord = { word: 'not_counted', intervals: [interval('09:20:00', '09:30:00')] };
  expect(listLostTime([started, said], lost)).toEqual([]);
  const twice = makeState([
    ['09:00:00', '09:20:00'],
    ['09:10:00', '10:00:00'],
  ]);
  expect(listLostTime([started], twice)).toHaveLength(1);
});

const timer = {
  seatId: '',
  timeEntryId: '',
  taskId: '',
  taskTitle: '',
  organizationName: '',
  startedAt: '2026-03-02T09:00:00.000Z',
  elapsedSeconds: 3000,
  note: '',
};
const makeGap = (lastSeenAt: string) => ({
  lastSeenAt: `2026-03-02T${lastSeenAt}.000Z`,
  resumedAt: '2026-03-02T10:00:00.000Z',
  kind: 'not_running' as const,
});

test('a timer that runs from before it was said to be started is there once', () => {
  const questioned = { ...timer, startedAt: '2026-03-02T08:59:55.000Z', elapsedSeconds: 1 };
  const gap = { ...makeGap('08:59:55'), lastSeenAt: questioned.startedAt };
  const state = makeState([], { timer: { ...questioned, gap } });
  expect(listLostTime([started], state)).toEqual([]);
});

test('the oracle sees a kill that nobody asks about, and one that puts too much in question', () => {
  const alive = Array.from({ length: 61 }, (_, index): TimerWord => {
    return { word: 'alive', atMs: at('09:49:40') + index * 500 };
  });
  const words = [started, ...alive];
  const killedMs = at('09:50:10');
  const good = makeState([], { timer: { ...timer, gap: makeGap('09:50:00') } });
  expect(judgeKill(words, killedMs, good)).toMatchObject({ violations: [], inQuestionMs: 10_000 });
  const unasked = makeState([], { timer: { ...timer, elapsedSeconds: 3600, gap: null } });
  expect(judgeKill(words, killedMs, unasked).violations).toHaveLength(1);
  const late = makeState([], {
    timer: { ...timer, elapsedSeconds: 2880, gap: makeGap('09:48:00') },
  });
  expect(judgeKill(words, killedMs, late).violations).toHaveLength(1);
});
