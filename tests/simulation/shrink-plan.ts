import { type Outcome, runSimulation } from './run-simulation.ts';
import type { Sabotage } from './simulation.ts';
import type { Step } from './steps/plan.ts';

export interface Shrunk {
  readonly plan: readonly Step[];
  readonly outcome: Outcome;
  readonly attempts: number;
}

/** The oracle that complained: the word before the colon. */
const nameOracle = (violation: string): string => violation.split(':')[0] ?? '';

/**
 * Looks for a shorter plan at which the same oracle complains: leaves out halves, then quarters, down to single
 * steps (delta debugging; Zeller and Hildebrandt, 2002), as long as `maximumAttempts` allow.
 */
export async function shrinkPlan(
  failed: Outcome,
  plan: readonly Step[],
  options: { readonly maximumAttempts: number; readonly sabotage?: Sabotage },
): Promise<Shrunk> {
  const oracle = nameOracle(failed.violations[0] ?? '');
  let best: Shrunk = { plan, outcome: failed, attempts: 0 };
  let attempts = 0;
  for (let size = Math.ceil(plan.length / 2); size >= 1;) {
    let hasShrunk = false;
    for (let start = 0; start < best.plan.length && attempts < options.maximumAttempts;) {
      const candidate = best.plan.filter((_, index) => index < start || index >= start + size);
      attempts += 1;
      const outcome = await runSimulation(failed.seed, candidate, options.sabotage);
      if (outcome.violations.some((violation) => nameOracle(violation) === oracle)) {
        best = { plan: candidate, outcome, attempts };
        hasShrunk = true;
      } else start += size;
    }
    if (attempts >= options.maximumAttempts) break;
    if (size > 1) size = Math.floor(size / 2);
    else if (!hasShrunk) break;
  }
  return { ...best, attempts };
}
