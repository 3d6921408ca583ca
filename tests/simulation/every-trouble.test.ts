import { test } from 'vitest';
import { runSeed, seedTimeoutMs } from './run-seed.ts';

test.for([101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112])(
  'SY-1 to SY-22, seed %i: with every kind of trouble, nothing is lost, doubled, or seen by strangers',
  { timeout: seedTimeoutMs },
  async (seed) => runSeed(seed),
);
