import { expect } from 'vitest';
import { runSimulation } from './run-simulation.ts';
import { createPlan, faultGroups, type StepGroup } from './steps/plan.ts';

/** More than any seed takes on a slow machine that has other things to do. */
export const seedTimeoutMs = 180_000;
const steps = 90;

/** Runs one seed, and expects that no oracle complains. */
export async function runSeed(
  seed: number,
  groups: readonly StepGroup[] = faultGroups,
  stepCount = steps,
): Promise<void> {
  const outcome = await runSimulation(seed, createPlan(seed, stepCount, groups));
  const violations = outcome.violations.map((violation) => violation.slice(0, 300));
  expect(violations.slice(0, 8)).toEqual([]);
  expect(outcome.intents).toBeGreaterThan(0);
}
