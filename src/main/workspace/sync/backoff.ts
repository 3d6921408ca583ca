import type { Randomness } from '../../../shared/ports.ts';

const firstDelayMs = 1000;
const longestDelayMs = 60_000;

/**
 * How long to wait after the n-th failure in a row (1, 2, 3 …), in milliseconds: doubling up to a minute, and
 * anywhere between half of that and all of it, so that devices that lost a server together don't come
 * back together.
 */
export function computeBackoffMs(failures: number, randomness: Randomness): number {
  const ceilingMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 10));
  return Math.round(ceilingMs * (0.5 + randomness.fraction() / 2));
}
