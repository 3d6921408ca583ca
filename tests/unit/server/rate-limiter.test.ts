import { expect, test } from 'vitest';
import { computeNetworkKey } from '../../../src/server/network-key.ts';
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

test('a key that somebody goes on trying is not forgotten for others that come after it', () => {
  const limiter = createRateLimiter({ burst: 2, perMinute: 1 }, createHeldTime().clock);
  limiter.take('mine');
  limiter.take('mine');
  for (let other = 0; other < 20_000; other += 1) {
    limiter.take(`other ${other}`);
    if (other % 1000 === 0) expect(() => limiter.take('mine')).toThrow(RateLimitError);
  }
  expect(() => limiter.take('mine')).toThrow(RateLimitError);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
])('attempts from %s count as those of %s', (address, network) => {
  expect(computeNetworkKey(address)).toBe(network);
});
