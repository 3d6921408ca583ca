import { expect, test } from 'vitest';
import { runSeed, seedTimeoutMs } from './run-seed.ts';
import { runSimulation } from './run-simulation.ts';
import type { StepKind } from './steps/plan.ts';

/** Seeds at which an oracle complained once. Each stays, with its steps where the plan could change with new kinds. */

const cloneBeforeRestore: readonly (readonly [number, StepKind])[] = [
  [0, 'intern.tick'],
  [1, 'employer.review'],
  [2, 'time.long'],
  [3, 'fault.pokes'],
  [4, 'intern.note'],
  [5, 'fault.serverBackup'],
  [6, 'intern.attach'],
  [7, 'intern.tick'],
  [8, 'intern.note'],
  [9, 'fault.clock'],
  [10, 'employer.edit'],
  [11, 'fault.sleep'],
  [12, 'intern.submit'],
  [13, 'fault.pokes'],
  [16, 'employer.extend'],
  [17, 'fault.line'],
  [18, 'fault.kill'],
  [19, 'fault.session'],
  [33, 'fault.kill'],
  [35, 'intern.addTime'],
  [36, 'intern.addTime'],
  [38, 'fault.serverRestore'],
  [53, 'fault.clone'],
];

test(
  'SY-15 seed 4: what a clone had sent before the server was restored is not waited for in vain',
  { timeout: seedTimeoutMs },
  async () => {
    const plan = cloneBeforeRestore.map(([index, kind]) => ({ index, kind }));
    expect((await runSimulation(4, plan)).violations).toEqual([]);
  },
);

test(
  'SY-22 seed 241: an upload goes on after a line swallowed a request without a word',
  { timeout: seedTimeoutMs },
  async () => runSeed(241, ['network', 'clock', 'sleep']),
);

test(
  'SY-15 seed 1065: the same changes in the same order after a restore are another history, since their times are',
  { timeout: seedTimeoutMs },
  async () =>
    runSeed(
      1065,
      ['network', 'server-restore', 'device-restore', 'clone', 'kill', 'server-kill'],
      120,
    ),
);

const timerOnInClone: readonly (readonly [number, StepKind])[] = [
  [18, 'intern.startTimer'],
  [31, 'fault.session'],
  [85, 'fault.clone'],
  [89, 'time.short'],
  [90, 'intern.submit'],
  [94, 'time.long'],
  [105, 'fault.kill'],
  [107, 'fault.cut'],
  [108, 'anyone.decideAmendment'],
  [111, 'time.night'],
];

test(
  'SY-16 seed 93005: a timer that went on under another id in a clone counts no moment twice',
  { timeout: seedTimeoutMs },
  async () => {
    const plan = timerOnInClone.map(([index, kind]) => ({ index, kind }));
    expect((await runSimulation(93005, plan)).violations).toEqual([]);
  },
);

const timerStoppedInClones: readonly (readonly [number, StepKind])[] = [
  [3, 'intern.startTimer'],
  [21, 'fault.clone'],
  [22, 'time.night'],
  [26, 'time.long'],
  [45, 'time.night'],
  [57, 'fault.clone'],
  [59, 'intern.submit'],
];

test(
  'SY-16 seed 9: a timer whose gap was recorded by clones that had not heard of each other counts no moment twice',
  { timeout: seedTimeoutMs },
  async () => {
    const plan = timerStoppedInClones.map(([index, kind]) => ({ index, kind }));
    expect((await runSimulation(9, plan)).violations).toEqual([]);
  },
);

const splitAtWhichTheServerStumbles: readonly (readonly [number, StepKind])[] = [
  [7, 'fault.poison'],
  [13, 'intern.importTime'],
  [14, 'intern.split'],
  [15, 'intern.merge'],
  [32, 'intern.editTime'],
  [34, 'employer.grant'],
  [35, 'intern.editTime'],
  [39, 'intern.answerTimer'],
];

test(
  'SY-4 seed 98021: a split at which the server stumbled does not undo what was changed after it',
  { timeout: seedTimeoutMs },
  async () => {
    const plan = splitAtWhichTheServerStumbles.map(([index, kind]) => ({ index, kind }));
    expect((await runSimulation(98021, plan)).violations).toEqual([]);
  },
);
