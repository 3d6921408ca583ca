import { expect, test } from 'vitest';
import { RateBucket } from '../../../../src/main/workspace/files/rate-bucket.ts';
import { FakeMachine } from '../../../support/workspace/fake-machine.ts';

const start = '2026-03-02T09:00:00.000Z';

test('SY-22 what moves keeps to the limit, however many take from it, and pieces larger than it pass', async () => {
  const machine = new FakeMachine(start);
  const bucket = new RateBucket(machine);
  bucket.setLimit(100_000);
  const passedMs: number[] = [];
  const beganMs = machine.clock.monotonicMs();
  const taking = [250_000, 50_000].map(async (bytes) => {
    await bucket.take(bytes);
    passedMs.push(machine.clock.monotonicMs() - beganMs);
  });
  await machine.run(6000, async () => {
    await new Promise((resolve) => setImmediate(resolve));
  });
  await Promise.all(taking);
  expect(Math.max(...passedMs)).toBeGreaterThanOrEqual(2900);
  expect(Math.max(...passedMs)).toBeLessThanOrEqual(3400);
});

test('SY-22 a limit that is taken off lets go what waits', async () => {
  const machine = new FakeMachine(start);
  const bucket = new RateBucket(machine);
  bucket.setLimit(20_000);
  const taken = bucket.take(10_000_000);
  bucket.setLimit(null);
  await taken;
});

test('SY-22 a wait that is ended ends at once, and what did not go keeps no others waiting', async () => {
  const machine = new FakeMachine(start);
  const bucket = new RateBucket(machine);
  bucket.setLimit(20_000);
  const ending = new AbortController();
  const taken = bucket.take(10_000_000, ending.signal);
  ending.abort();
  // No time goes by on this machine.
  await taken;
  await bucket.take(0);
});
