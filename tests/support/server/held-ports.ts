import type { Clock, Timers } from '../../../src/shared/ports.ts';

export interface HeldTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Moves both clocks on and runs what has become due, in order. */
  advance(ms: number): void;
  /** How many actions wait. */
  readonly waiting: number;
}

/** A clock and timers that move only when a test says so. */
export function createHeldTime(startMs = Date.parse('2026-03-01T09:00:00.000Z')): HeldTime {
  let elapsedMs = 0;
  const waiting = new Set<{ atMs: number; action: () => void }>();
  return {
    clock: {
      nowMs: () => startMs + elapsedMs,
      monotonicMs: () => elapsedMs,
      bootId: 'held',
    },
    timers: {
      after(delayMs, action) {
        const entry = { atMs: elapsedMs + delayMs, action };
        waiting.add(entry);
        return () => waiting.delete(entry);
      },
    },
    advance(ms) {
      const untilMs = elapsedMs + ms;
      for (;;) {
        const due = [...waiting]
          .filter(({ atMs }) => atMs <= untilMs)
          .sort((left, right) => left.atMs - right.atMs)[0];
        if (due === undefined) break;
        waiting.delete(due);
        elapsedMs = due.atMs;
        due.action();
      }
      elapsedMs = untilMs;
    },
    get waiting() {
      return waiting.size;
    },
  };
}
