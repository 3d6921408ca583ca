import type { SeededRandom } from '../core/seeded-random.ts';
import type { Simulation } from '../simulation.ts';
import type { Step } from './plan.ts';

/** An owner ends somebody's access. */
export async function removeMember(
  _simulation: Simulation,
  _step: Step,
  _random: SeededRandom,
): Promise<void> {}

/** Somebody whose access was ended is invited again, and joins again. */
export async function inviteBack(
  _simulation: Simulation,
  _step: Step,
  _random: SeededRandom,
): Promise<void> {}
