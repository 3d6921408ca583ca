import { expect, test } from 'vitest';
import { createRateLimiter, RateLimitError } from '../../../src/server/rate-limiter.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';

function takeUntilRefused(take: () => void): { taken: number; retryAfterSeconds: number } {
  for (let taken = 0; taken < 1000; taken += 1) {
    try {
      take();
    } catch (error) {
      if (error instanceof RateLimitError)
        return { taken, retryAfterSeconds: error.retryAfterSeconds };
      throw error;
    }
  }
  throw new Error('never refused');
}

test('a key has its burst, then as much as comes back with time, never more than the burst', () => {
  const time = createHeldTime();
  const limiter = createRateLimiter({ burst: 5, perMinute: 2 }, time.clock);
  const take = () => limiter.take('a');
  expect(takeUntilRefused(take)).toEqual({ taken: 5, retryAfterSeconds: 30 });
  time.advance(10_000);
  expect(takeUntilRefused(take)).toEqual({ taken: 0, retryAfterSeconds: 20 });
  time.advance(20_000);
  expect(takeUntilRefused(take).taken).toBe(1);
  time.advance(3_600_000);
  expect(takeUntilRefused(take).taken).toBe(5);
});

test('keys do not share', () => {
  const limiter = createRateLimiter({ burst: 1, perMinute: 1 }, createHeldTime().clock);
  limiter.take('a');
  limiter.take('b');
  expect(() => limiter.take('a')).toThrow(RateLimitError);
});

test('a key that was used up stays so while many others come by', () => {
  const limiter = createRateLimiter({ burst: 2, perMinute: 1 }, createHeldTime().clock);
  limiter.take('mine');
  limiter.take('mine');
  for (let other = 0; other < 4000; other += 1) limiter.take(`other ${other}`);
  expect(() => limiter.take('mine')).toThrow(RateLimitError);
});
