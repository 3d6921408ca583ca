import { test } from 'vitest';
import { runSeed, seedTimeoutMs } from './run-seed.ts';

/** Seeds at which an oracle complained once. Each stays. */

test(
  'SY-15 seed 4: what a clone had sent before the server was restored is not waited for in vain',
  { timeout: seedTimeoutMs },
  async () => runSeed(4, undefined, 80),
);

test(
  'SY-22 seed 241: an upload goes on after a line swallowed a request without a word',
  { timeout: seedTimeoutMs },
  async () => runSeed(241, ['network', 'clock', 'sleep']),
);
