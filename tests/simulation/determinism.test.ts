import { expect, test } from 'vitest';
import { runSimulation } from './run-simulation.ts';
import { createPlan, faultGroups } from './steps/plan.ts';

test.for([7, 8])(
  'the same seed gives the same trace, byte for byte (seed %i)',
  { timeout: 120_000 },
  async (seed) => {
    const plan = createPlan(seed, 80, faultGroups);
    const first = await runSimulation(seed, plan);
    const second = await runSimulation(seed, plan);
    expect(first.trace.length).toBeGreaterThan(100);
    expect(second.trace.join('\n')).toBe(first.trace.join('\n'));
  },
);

test('another seed gives another plan and another trace', { timeout: 120_000 }, async () => {
  const [one, other] = [createPlan(1, 30, faultGroups), createPlan(2, 30, faultGroups)];
  expect(one).not.toEqual(other);
  const first = await runSimulation(1, one);
  const second = await runSimulation(2, one);
  expect(second.trace.join('\n')).not.toBe(first.trace.join('\n'));
});
