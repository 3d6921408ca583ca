import { expect, test } from 'vitest';
import { runSimulation } from './run-simulation.ts';
import { createPlan, type FaultGroup, faultGroups } from './steps/plan.ts';

/** More than any of these takes on a slow machine that has other things to do. */
const timeoutMs = 120_000;
const steps = 90;

async function simulate(seed: number, faults: readonly FaultGroup[] = faultGroups): Promise<void> {
  const outcome = await runSimulation(seed, createPlan(seed, steps, faults));
  expect(outcome.violations).toEqual([]);
  expect(outcome.intents).toBeGreaterThan(0);
}

test.for([101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112])(
  'SY-1 to SY-22, seed %i: with every kind of trouble, nothing is lost, doubled, or seen by strangers',
  { timeout: timeoutMs },
  async (seed) => simulate(seed),
);

test.for([201, 202, 203])(
  'SY-11, seed %i: over lines that lose, delay, double and reorder',
  { timeout: timeoutMs },
  async (seed) => simulate(seed, ['network', 'pokes']),
);

test.for([211, 212, 213])(
  'SY-1, seed %i: workspaces and server are killed between any two statements',
  { timeout: timeoutMs },
  async (seed) => simulate(seed, ['network', 'kill', 'server-kill']),
);

test.for([221, 222, 223])(
  'SY-15, seed %i: the server is restored from backups',
  { timeout: timeoutMs },
  async (seed) => simulate(seed, ['network', 'server-restore', 'kill']),
);

test.for([231, 232, 233])(
  'SY-16, seed %i: workspaces are restored and cloned',
  { timeout: timeoutMs },
  async (seed) => simulate(seed, ['network', 'device-restore', 'clone']),
);

test.for([241, 242])(
  'SY-18, seed %i: clocks jump by minutes and by years, computers sleep',
  { timeout: timeoutMs },
  async (seed) => simulate(seed, ['network', 'clock', 'sleep']),
);

test.for([251, 252])(
  'SY-7, seed %i: full disks, and changes at which the server stumbles',
  { timeout: timeoutMs },
  async (seed) => simulate(seed, ['network', 'disk', 'poison']),
);

test.for([261, 262])(
  'SY-20, seed %i: programs of protocol version 1, sessions that end',
  { timeout: timeoutMs },
  async (seed) => simulate(seed, ['network', 'old-client', 'session']),
);
