import { test } from 'vitest';
import { runSeed, seedTimeoutMs } from './run-seed.ts';
import type { FaultGroup } from './steps/plan.ts';

interface Case {
  readonly rule: string;
  readonly seed: number;
  readonly what: string;
  readonly faults: readonly FaultGroup[];
}

const listCases = (
  rule: string,
  seeds: readonly number[],
  what: string,
  faults: readonly FaultGroup[],
): Case[] => seeds.map((seed) => ({ rule, seed, what, faults: ['network', ...faults] }));

test.for([
  ...listCases('SY-11', [201], 'lines that lose, delay, double and reorder', ['pokes']),
  ...listCases('SY-1', [211, 212], 'kills between any two statements', [
    'kill',
    'server-kill',
    'server-restart',
  ]),
  ...listCases('SY-15', [221], 'a server restored from backups', ['server-restore', 'kill']),
  ...listCases('SY-16', [231], 'workspaces restored and cloned', ['device-restore', 'clone']),
  ...listCases('SY-18', [242], 'clocks that jump by minutes and by years, and sleep', [
    'clock',
    'sleep',
  ]),
  ...listCases('SY-7', [251], 'full disks, and changes at which the server stumbles', [
    'disk',
    'poison',
  ]),
  ...listCases('SY-20', [261], 'programs of protocol version 1, and sessions that end', [
    'old-client',
    'session',
  ]),
  ...listCases('SY-10', [271], 'people whose access ends, and who come back', ['membership']),
])('$rule seed $seed: $what', { timeout: seedTimeoutMs }, async ({ seed, faults }) =>
  runSeed(seed, faults),
);
