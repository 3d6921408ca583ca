import {
  type FaultGroup,
  faultGroups,
  type StepGroup,
  type WorkGroup,
  workGroups,
} from './steps/plan.ts';

export interface SimulationArguments {
  readonly firstSeed: number;
  readonly lastSeed: number;
  readonly steps: number;
  readonly groups: readonly StepGroup[];
  readonly showsTrace: boolean;
}

export const defaultSteps = 90;

export const usage = `Usage: npm run simulate -- --seeds A..B [--steps N] [--faults LIST] [--work LIST] [--trace]

  --seeds A..B    the seeds to run, both included; A alone for one
  --steps N       steps per seed, ${defaultSteps} unless said otherwise
  --faults LIST   all (as without it), none, or some of:
                  ${faultGroups.join(', ')}
  --work LIST     likewise, what people do beyond tasks, drafts, submissions and plain hours:
                  ${workGroups.join(', ')}
  --trace         print the whole trace of each seed`;

/** @throws Error that says which argument was wrong and what was expected. */
export function readArguments(args: readonly string[]): SimulationArguments {
  const values = new Map<string, string>();
  let showsTrace = false;
  for (let index = 0; index < args.length; index += 1) {
    const name = args[index] ?? '';
    if (name === '--trace') {
      showsTrace = true;
      continue;
    }
    if (!['--seeds', '--steps', '--faults', '--work'].includes(name))
      throw new Error(`"${name}" is no argument of this program`);
    const value = args[index + 1];
    if (value === undefined || value.startsWith('--')) throw new Error(`${name} needs a value`);
    values.set(name, value);
    index += 1;
  }
  return {
    ...readSeeds(values.get('--seeds')),
    steps: readSteps(values.get('--steps')),
    groups: [
      ...readGroups<FaultGroup>('--faults', values.get('--faults'), faultGroups),
      ...readGroups<WorkGroup>('--work', values.get('--work'), workGroups),
    ],
    showsTrace,
  };
}

function readSeeds(text: string | undefined): { firstSeed: number; lastSeed: number } {
  if (text === undefined) throw new Error('--seeds is missing');
  const [, first, last] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text) ?? [];
  if (first === undefined)
    throw new Error(`--seeds: expected A..B with whole numbers such as 1..100, found "${text}"`);
  const firstSeed = Number(first);
  const lastSeed = Number(last ?? first);
  if (lastSeed < firstSeed)
    throw new Error(`--seeds: the last seed ${lastSeed} comes before the first, ${firstSeed}`);
  return { firstSeed, lastSeed };
}

function readSteps(text: string | undefined): number {
  if (text === undefined) return defaultSteps;
  const steps = Number(text);
  if (!/^\d+$/.test(text) || steps < 1 || steps > 100_000)
    throw new Error(`--steps: expected a whole number from 1 to 100000, found "${text}"`);
  return steps;
}

function readGroups<Group extends StepGroup>(
  argument: string,
  text: string | undefined,
  groups: readonly Group[],
): readonly Group[] {
  if (text === undefined || text === 'all') return groups;
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const found = groups.find((group) => group === name.trim());
    if (found === undefined)
      throw new Error(
        `${argument}: there is no "${name}"; expected all, none, or some of ${groups.join(', ')}`,
      );
    return found;
  });
}
