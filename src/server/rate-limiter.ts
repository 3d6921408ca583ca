import { StintError } from '../shared/errors.ts';
import type { Clock } from '../shared/ports.ts';

export interface RateLimit {
  /** How many attempts may come at once. */
  readonly burst: number;
  readonly perMinute: number;
}

export class RateLimitError extends StintError {
  readonly retryAfterSeconds: number;

  constructor(
    retryAfterSeconds: number,
    message = `too many attempts from here; try again in ${retryAfterSeconds} ${retryAfterSeconds === 1 ? 'second' : 'seconds'}`,
  ) {
    super('rate_limited', message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface RateLimiter {
  /** @throws RateLimitError when the key has no attempt left. */
  take(key: string): void;
}

/** Beyond this, buckets that are full again are forgotten. */
const maximumBuckets = 10_000;

/**
 * A token bucket for each key, in memory: a restart forgives everyone. Where there are too many, those go that were
 * used least lately: nobody gets new attempts by coming from ever more places.
 *
 * @param computeKey what is counted as one, of what is asked for.
 */
export function createRateLimiter(
  limit: RateLimit,
  clock: Clock,
  computeKey: (asked: string) => string = (asked) => asked,
): RateLimiter {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const tokensPerMs = limit.perMinute / 60_000;

  const computeTokens = (bucket: { tokens: number; atMs: number }, nowMs: number): number =>
    Math.min(limit.burst, bucket.tokens + Math.max(0, nowMs - bucket.atMs) * tokensPerMs);

  function forgetFullBuckets(nowMs: number): void {
    for (const [key, bucket] of buckets)
      if (computeTokens(bucket, nowMs) >= limit.burst) buckets.delete(key);
    // Under an attack from many places none may be full: then the half that was used least lately goes.
    for (const key of buckets.keys()) {
      if (buckets.size <= maximumBuckets / 2) break;
      buckets.delete(key);
    }
  }

  return {
    take(asked) {
      const key = computeKey(asked);
      const nowMs = clock.monotonicMs();
      if (buckets.size >= maximumBuckets) forgetFullBuckets(nowMs);
      const tokens = computeTokens(buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs }, nowMs);
      const left = tokens < 1 ? tokens : tokens - 1;
      // In a map, the last set stands last.
      buckets.delete(key);
      buckets.set(key, { tokens: left, atMs: nowMs });
      if (tokens < 1) throw new RateLimitError(Math.ceil((1 - tokens) / tokensPerMs / 1000));
    },
  };
}
