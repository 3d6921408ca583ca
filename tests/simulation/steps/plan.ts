import { createRandom } from '../core/seeded-random.ts';

/** Which kinds of trouble a run may meet; a person's work and the passing of time are always there. */
export const faultGroups = [
  'network',
  'pokes',
  'kill',
  'sleep',
  'clock',
  'disk',
  'poison',
  'session',
  'server-kill',
  'server-restart',
  'server-restore',
  'device-restore',
  'clone',
  'old-client',
  'membership',
] as const;
export type FaultGroup = (typeof faultGroups)[number];

/** Which work a run may hold beyond what is always there: tasks, drafts, submissions and plain hours. */
export const workGroups = [
  'hours',
  'timesheets',
  'timer',
  'asked',
  'agreement',
  'desk',
  'lists',
] as const;
export type WorkGroup = (typeof workGroups)[number];
export type StepGroup = FaultGroup | WorkGroup;

export interface Step {
  /** Names the step's own random numbers; it stays the same when steps before it are left out. */
  readonly index: number;
  readonly kind: StepKind;
}

const personKinds = {
  'intern.addTime': 10,
  'intern.editTime': 5,
  'intern.deleteTime': 2,
  'intern.note': 4,
  'intern.tick': 3,
  'intern.attach': 2,
  'intern.submit': 7,
  'employer.assign': 3,
  'employer.edit': 3,
  'employer.revise': 2,
  'employer.deadline': 3,
  'employer.extend': 2,
  'employer.cancel': 1,
  'employer.review': 4,
  'time.short': 8,
  'time.long': 3,
  'time.night': 1,
} as const;

const workKinds = {
  'intern.split': { group: 'hours', weight: 4 },
  'intern.merge': { group: 'hours', weight: 4 },
  'intern.undoRearranging': { group: 'hours', weight: 3 },
  'intern.bringBackTime': { group: 'hours', weight: 2 },
  'intern.importTime': { group: 'hours', weight: 4 },
  'intern.handInHours': { group: 'timesheets', weight: 6 },
  'intern.takeBackHours': { group: 'timesheets', weight: 1 },
  'employer.decideHours': { group: 'timesheets', weight: 6 },
  'employer.reopenHours': { group: 'timesheets', weight: 2 },
  'intern.askChange': { group: 'timesheets', weight: 3 },
  'intern.takeBackChange': { group: 'timesheets', weight: 1 },
  'employer.decideChange': { group: 'timesheets', weight: 4 },
  'intern.startTimer': { group: 'timer', weight: 5 },
  'intern.stopTimer': { group: 'timer', weight: 4 },
  'intern.answerTimer': { group: 'timer', weight: 3 },
  'intern.ask': { group: 'asked', weight: 4 },
  'employer.answer': { group: 'asked', weight: 4 },
  'employer.quote': { group: 'asked', weight: 4 },
  'intern.askForMoreTime': { group: 'asked', weight: 4 },
  'intern.takeBackAsking': { group: 'asked', weight: 1 },
  'employer.grant': { group: 'asked', weight: 3 },
  'employer.decline': { group: 'asked', weight: 1 },
  'anyone.propose': { group: 'agreement', weight: 5 },
  'anyone.decideAmendment': { group: 'agreement', weight: 8 },
  'employer.complete': { group: 'agreement', weight: 1 },
  'anyone.evaluate': { group: 'agreement', weight: 5 },
  'employer.order': { group: 'desk', weight: 4 },
  'employer.depend': { group: 'desk', weight: 3 },
  'intern.seeBrief': { group: 'desk', weight: 2 },
  'intern.detach': { group: 'desk', weight: 2 },
  'employer.claim': { group: 'desk', weight: 2 },
  'employer.promise': { group: 'desk', weight: 2 },
  'employer.phrase': { group: 'desk', weight: 2 },
  'employer.lateness': { group: 'desk', weight: 1 },
  'anyone.dismiss': { group: 'lists', weight: 2 },
  'anyone.sendAgain': { group: 'lists', weight: 4 },
  'intern.carry': { group: 'lists', weight: 4 },
} as const satisfies Record<string, { group: WorkGroup; weight: number }>;

const faultKinds = {
  'fault.line': { group: 'network', weight: 9 },
  'fault.cut': { group: 'network', weight: 3 },
  'fault.pokes': { group: 'pokes', weight: 2 },
  'fault.earlyPoke': { group: 'pokes', weight: 1 },
  'fault.kill': { group: 'kill', weight: 6 },
  'fault.sleep': { group: 'sleep', weight: 3 },
  'fault.clock': { group: 'clock', weight: 3 },
  'fault.deviceDisk': { group: 'disk', weight: 2 },
  'fault.serverDisk': { group: 'disk', weight: 2 },
  'fault.poison': { group: 'poison', weight: 2 },
  'fault.session': { group: 'session', weight: 2 },
  'fault.serverKill': { group: 'server-kill', weight: 4 },
  'fault.serverRestart': { group: 'server-restart', weight: 1 },
  'fault.serverBackup': { group: 'server-restore', weight: 2 },
  'fault.serverRestore': { group: 'server-restore', weight: 2 },
  'fault.deviceBackup': { group: 'device-restore', weight: 2 },
  'fault.deviceRestore': { group: 'device-restore', weight: 2 },
  'fault.clone': { group: 'clone', weight: 1 },
  'fault.oldClient': { group: 'old-client', weight: 2 },
  'fault.remove': { group: 'membership', weight: 2 },
  'fault.invite': { group: 'membership', weight: 3 },
  'fault.decide': { group: 'membership', weight: 3 },
} as const satisfies Record<string, { group: FaultGroup; weight: number }>;

export type PersonStepKind = keyof typeof personKinds;
export type WorkStepKind = keyof typeof workKinds;
export type FaultStepKind = keyof typeof faultKinds;
export type StepKind = PersonStepKind | WorkStepKind | FaultStepKind;

export const isWorkStep = (kind: StepKind): kind is WorkStepKind => kind in workKinds;

/**
 * The steps of a run: which ones, in which order. What each does is drawn from its own index. A kind of a group that is
 * not asked for changes nothing, so new kinds belong into new groups: what a seed did once it goes on doing.
 */
export function createPlan(seed: number, steps: number, groups: readonly StepGroup[]): Step[] {
  const choices: { kind: StepKind; weight: number }[] = [
    ...Object.entries(personKinds).map(([kind, weight]) => ({
      kind: kind as PersonStepKind,
      weight: weight as number,
    })),
    ...Object.entries({ ...faultKinds, ...workKinds })
      .filter(([, { group }]) => groups.includes(group))
      .map(([kind, { weight }]) => ({ kind: kind as StepKind, weight: weight as number })),
  ];
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  const random = createRandom(seed, 'plan');
  return Array.from({ length: steps }, (_, index) => {
    let draw = random.fraction() * total;
    const chosen = choices.find(({ weight }) => (draw -= weight) < 0);
    return { index, kind: chosen?.kind ?? 'time.short' };
  });
}
