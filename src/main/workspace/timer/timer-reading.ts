import type { Clock } from '../../../shared/ports.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import type { TimerRow } from '../database/seat-tables.ts';

export const heartbeatMs = 30_000;
/** A heartbeat this late means that the machine slept with its monotonic clock running. */
const lateHeartbeatMs = 90_000;
/** So much more wall time than monotonic time means sleep with the monotonic clock standing still. */
const wallAheadMs = 120_000;

/** One look at both clocks. */
export interface ClockReading {
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly bootId: string;
}

export function readClock(clock: Clock): ClockReading {
  return { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs(), bootId: clock.bootId };
}

/**
 * What the monotonic clock has proven so far, in milliseconds. An open gap is not in it. Fewer seconds than none are
 * carried where another copy has recorded more than has been proven here: until they are made up, nothing has.
 */
export function computeElapsedMs(row: TimerRow, reading: ClockReading): number {
  const runMs =
    row.bootId === reading.bootId ? Math.max(0, reading.monotonicMs - row.startedMonotonicMs) : 0;
  return Math.max(0, Math.round(row.carriedSeconds * 1000 + runMs));
}

/** What had been proven when the gap began, and what has been since it ended. */
export function computeElapsedAroundGap(
  row: TimerRow,
  reading: ClockReading,
): { beforeMs: number; afterMs: number } {
  const beforeMs = Math.round(row.carriedSeconds * 1000);
  return { beforeMs, afterMs: computeElapsedMs(row, reading) - beforeMs };
}

/** The wall-clock length of the open gap; 0 without one, and where the clock was set back. */
export function computeGapMs(row: TimerRow): number {
  if (row.gapLastSeenAt === null || row.gapResumedAt === null) return 0;
  return Math.max(0, computeEpochMs(row.gapResumedAt) - computeEpochMs(row.gapLastSeenAt));
}

/** Proven up to the last heartbeat, in seconds. */
function computeSecondsAtLastSeen(row: TimerRow): number {
  return row.carriedSeconds + Math.max(0, row.lastSeenMonotonicMs - row.startedMonotonicMs) / 1000;
}

/**
 * The row with a gap, if part of the time since the last heartbeat is unproven; else undefined.
 *
 * - another run of the program: everything since the last heartbeat is;
 * - a heartbeat far too late: the same, since the monotonic clock may have run through the sleep;
 * - the wall clock far ahead of the monotonic one: the monotonic clock stood still in the sleep (or someone
 *   set the clock), so what it counted is proven, and the difference is the gap.
 *
 * Earlier readings are carried, so that an own count begins at the gap's end. A wall clock that was set back
 * makes no gap: the monotonic clock decides on lengths.
 */
export function findGap(row: TimerRow, reading: ClockReading): TimerRow | undefined {
  const lastSeenMs = computeEpochMs(row.lastSeenAt);
  let carriedSeconds = computeSecondsAtLastSeen(row);
  let gapStartMs = lastSeenMs;
  if (row.bootId === reading.bootId) {
    const monotonicMs = Math.max(0, reading.monotonicMs - row.lastSeenMonotonicMs);
    const isLate = monotonicMs > heartbeatMs + lateHeartbeatMs;
    const isWallAhead = reading.wallMs - lastSeenMs - monotonicMs > wallAheadMs;
    if (!isLate && !isWallAhead) return undefined;
    if (!isLate) {
      carriedSeconds += monotonicMs / 1000;
      gapStartMs += monotonicMs;
    }
  }
  if (carriedSeconds < 0) {
    // Another copy has recorded that much of what would be asked about.
    gapStartMs = Math.round(gapStartMs - carriedSeconds * 1000);
    carriedSeconds = 0;
  }
  const resumedMs = Math.max(reading.wallMs, gapStartMs);
  return {
    ...computeSeenRow(row, reading),
    bootId: reading.bootId,
    startedMonotonicMs: reading.monotonicMs,
    carriedSeconds,
    gapKind: row.bootId === reading.bootId ? 'asleep' : 'not_running',
    gapLastSeenAt: computeIsoInstant(gapStartMs),
    gapResumedAt: computeIsoInstant(resumedMs),
  };
}

/** The row after a heartbeat. */
export function computeSeenRow(row: TimerRow, reading: ClockReading): TimerRow {
  return {
    ...row,
    lastSeenAt: computeIsoInstant(reading.wallMs),
    lastSeenMonotonicMs: reading.monotonicMs,
  };
}

/** The row once its gap counts as worked. */
export function computeRowWithGapKept(row: TimerRow): TimerRow {
  return {
    ...row,
    carriedSeconds: row.carriedSeconds + computeGapMs(row) / 1000,
    gapKind: null,
    gapLastSeenAt: null,
    gapResumedAt: null,
  };
}

/** What goes on after the gap once what ran before it is recorded. */
export function computeRowAfterGap(row: TimerRow, zone: string): TimerRow {
  return {
    ...row,
    zone,
    startedAt: row.gapResumedAt ?? row.startedAt,
    carriedSeconds: 0,
    gapKind: null,
    gapLastSeenAt: null,
    gapResumedAt: null,
  };
}

/**
 * The row once another copy has recorded the timer until `recordedUntil`: what lies after it goes on, under an id of its
 * own. Where nothing but a gap and what came after it does, the id stays, by which both copies ask about the gap.
 */
export function computeRowBehind(
  row: TimerRow,
  recordedUntil: string,
  reading: ClockReading,
  createId: (startedAt: string) => string,
): TimerRow {
  const startMs = computeEpochMs(row.startedAt);
  // What somebody entered of the time to come takes nothing from it.
  const untilMs = Math.max(startMs, Math.min(computeEpochMs(recordedUntil), reading.wallMs));
  const startedAt = computeIsoInstant(untilMs);
  const next = { ...row, startedAt, timeEntryId: createId(startedAt) };
  const carriedSeconds = row.carriedSeconds - (untilMs - startMs) / 1000;
  const { gapLastSeenAt, gapResumedAt } = row;
  if (gapLastSeenAt === null || gapResumedAt === null) return { ...next, carriedSeconds };
  if (startedAt >= gapResumedAt)
    return {
      ...next,
      carriedSeconds: (computeEpochMs(gapResumedAt) - untilMs) / 1000,
      gapKind: null,
      gapLastSeenAt: null,
      gapResumedAt: null,
    };
  if (startedAt <= gapLastSeenAt && carriedSeconds >= 1) return { ...next, carriedSeconds };
  const gapStart = startedAt > gapLastSeenAt ? startedAt : gapLastSeenAt;
  return { ...row, startedAt: gapStart, gapLastSeenAt: gapStart, carriedSeconds: 0 };
}
