import { randomUUID } from 'node:crypto';
import type { Clock } from '../../shared/ports.ts';

/** The machine's clocks. The boot id names this process: its monotonic readings compare with each other only. */
export function createSystemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    bootId: randomUUID(),
  };
}
