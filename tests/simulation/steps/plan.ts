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
export type FaultStepKind = keyof typeof faultKinds;
export type StepKind = PersonStepKind | FaultStepKind;

/** The steps of a run: which ones, in which order. What each does is drawn from its own index. */
export function createPlan(seed: number, steps: number, groups: readonly FaultGroup[]): Step[] {
  const choices: { kind: StepKind; weight: number }[] = [
    ...Object.entries(personKinds).map(([kind, weight]) => ({
      kind: kind as PersonStepKind,
      weight: weight as number,
    })),
    ...Object.entries(faultKinds)
      .filter(([, { group }]) => groups.includes(group))
      .map(([kind, { weight }]) => ({ kind: kind as FaultStepKind, weight: weight as number })),
  ];
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  const random = createRandom(seed, 'plan');
  return Array.from({ length: steps }, (_, index) => {
    let draw = random.fraction() * total;
    const chosen = choices.find(({ weight }) => (draw -= weight) < 0);
    return { index, kind: chosen?.kind ?? 'time.short' };
  });
}
