import type { Interval, TimerWord } from './timer-words.ts';

type State = Extract<TimerWord, { word: 'state' }>;

/** A heartbeat every 30 s: never more than that is in question, but for how late the process itself was. */
const heartbeatMs = 30_000;
/** Lengths are shown in whole seconds, stretches below one are not recorded, and a clock was read twice. */
const toleranceMs = 2_500;

export interface KillVerdict {
  readonly violations: readonly string[];
  /** From the last heartbeat to the kill; undefined where no timer ran then. */
  readonly inQuestionMs: number | undefined;
  /** How much of that is explained by a process that was itself held up. */
  readonly lateMs: number;
}

/** What there is of the timer's time, on one line: recorded, running, or asked about. */
function listIntervals({ timer, entries, questions }: State): Interval[] {
  const intervals = [...entries, ...questions];
  if (timer === null) return intervals;
  const startMs = Date.parse(timer.startedAt);
  const elapsedMs = timer.elapsedSeconds * 1000;
  if (timer.gap === null) return [...intervals, { startMs, endMs: startMs + elapsedMs }];
  const gap = {
    startMs: Date.parse(timer.gap.lastSeenAt),
    endMs: Date.parse(timer.gap.resumedAt),
  };
  // What ran before the gap ends where the gap begins; the rest has run since.
  const beforeMs = gap.startMs - startMs;
  const after = { startMs: gap.endMs, endMs: gap.endMs + Math.max(0, elapsedMs - beforeMs) };
  return [...intervals, { startMs, endMs: gap.startMs }, gap, after];
}

const describe = ({ startMs, endMs }: Interval): string =>
  `${new Date(startMs).toISOString()} to ${new Date(endMs).toISOString()}`;

/**
 * Time is conserved: from the first start until now, every moment is recorded, running or asked about, once; but for
 * what the person said does not count, and for the time between a stop and the next start.
 */
export function listLostTime(words: readonly TimerWord[], state: State): string[] {
  const first = words.find((word) => word.word === 'started');
  if (first === undefined) return [];
  const violations: string[] = [];
  const excused = listExcused(words);
  const sorted = listIntervals(state).sort((left, right) => left.startMs - right.startMs);
  // The timer runs from before it was said to have been started: by as much as the process was held up in between.
  let reachedMs = Math.min(first.atMs, sorted[0]?.startMs ?? first.atMs);
  for (const interval of sorted) {
    if (interval.startMs - reachedMs > toleranceMs) {
      const hole = { startMs: reachedMs, endMs: interval.startMs };
      if (!isExcused(hole, excused)) violations.push(`lost without a word: ${describe(hole)}`);
    }
    if (
      Math.min(reachedMs, interval.endMs) - interval.startMs > toleranceMs &&
      interval !== sorted[0]
    )
      violations.push(`there twice: ${describe(interval)}`);
    reachedMs = Math.max(reachedMs, interval.endMs);
  }
  const end = { startMs: reachedMs, endMs: state.atMs };
  if (end.endMs - end.startMs > toleranceMs && !isExcused(end, excused))
    violations.push(`lost without a word: ${describe(end)}`);
  return violations;
}

/** What the person said of time: not counted, or not running. */
function listExcused(words: readonly TimerWord[]): Interval[] {
  const excused: Interval[] = [];
  let stoppedMs: number | undefined;
  for (const word of words) {
    if (word.word === 'not_counted') excused.push(...word.intervals);
    if (word.word === 'stopping') stoppedMs = word.atMs;
    if (word.word === 'started' && stoppedMs !== undefined) {
      excused.push({ startMs: stoppedMs, endMs: word.atMs });
      stoppedMs = undefined;
    }
  }
  if (stoppedMs !== undefined) excused.push({ startMs: stoppedMs, endMs: Infinity });
  return excused;
}

/** Whether the excuses cover a hole, put together. */
function isExcused(hole: Interval, excused: readonly Interval[]): boolean {
  let reachedMs = hole.startMs;
  for (const { startMs, endMs } of [...excused].sort((left, right) => left.startMs - right.startMs))
    if (startMs <= reachedMs + toleranceMs) reachedMs = Math.max(reachedMs, endMs);
  return reachedMs >= hole.endMs - toleranceMs;
}

/** What the next process found after a kill, held against what the killed one had written down. */
export function judgeKill(
  words: readonly TimerWord[],
  killedMs: number,
  state: State,
): KillVerdict {
  const violations = listLostTime(words, state);
  const alive = words.filter((word) => word.word === 'alive' && word.atMs > killedMs - 60_000);
  let lateMs = 0;
  for (const [index, word] of alive.entries()) {
    const next = alive[index + 1];
    const nextMs = next !== undefined && 'atMs' in next ? next.atMs : killedMs;
    if ('atMs' in word) lateMs = Math.max(lateMs, nextMs - word.atMs);
  }
  const gap = state.timer?.gap;
  if (state.timer === null) return { violations, inQuestionMs: undefined, lateMs };
  if (gap === null || gap === undefined)
    return {
      violations: [
        ...violations,
        'the timer ran when the process was killed, and nothing was asked',
      ],
      inQuestionMs: undefined,
      lateMs,
    };
  const inQuestionMs = killedMs - Date.parse(gap.lastSeenAt);
  if (inQuestionMs > heartbeatMs + 2 * lateMs + toleranceMs)
    violations.push(
      `${inQuestionMs / 1000} s were in question, though the process was never held up for more than ${lateMs / 1000} s`,
    );
  return { violations, inQuestionMs, lateMs };
}
