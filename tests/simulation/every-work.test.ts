import { test } from 'vitest';
import { runSeed, seedTimeoutMs } from './run-seed.ts';
import { faultGroups, type StepGroup, workGroups } from './steps/plan.ts';

interface Case {
  readonly seed: number;
  readonly what: string;
  readonly groups: readonly StepGroup[];
}

const cases: readonly Case[] = [
  {
    seed: 301,
    what: 'hours split, merged, imported, approved and changed afterwards, on lines that break',
    groups: ['network', 'hours', 'timesheets'],
  },
  {
    seed: 302,
    what: 'timers that run on through kills, sleep and clones',
    groups: ['network', 'kill', 'sleep', 'clone', 'timer', 'lists'],
  },
  {
    seed: 303,
    what: 'questions, requests and amendments, with a server that is restored',
    groups: ['network', 'server-restore', 'asked', 'agreement', 'desk'],
  },
  { seed: 304, what: 'all work, all troubles', groups: [...faultGroups, ...workGroups] },
  { seed: 305, what: 'all work, all troubles', groups: [...faultGroups, ...workGroups] },
];

test.for(cases)(
  'SY-1 to SY-22, seed $seed: $what: each is done once, or waits to be decided',
  { timeout: seedTimeoutMs },
  async ({ seed, groups }) => runSeed(seed, groups, 110),
);
