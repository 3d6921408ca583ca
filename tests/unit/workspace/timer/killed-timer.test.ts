import { expect, test } from 'vitest';
import { proveTimer } from '../../../prove/timer/prove-timer.ts';

// `npm run prove -- timer --kills 200` is the long version.
test('SY-1 killed with SIGKILL while a timer runs: what is in question is never more than a heartbeat, and is asked about', async () => {
  const outcome = await proveTimer({ kills: 5, seed: 20_260_302, speed: 40, say: () => {} });
  expect(outcome.violations).toEqual([]);
  expect(outcome.killsWithTimer).toBeGreaterThan(0);
}, 120_000);
