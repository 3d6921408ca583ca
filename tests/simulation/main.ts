import { readArguments, type SimulationArguments, usage } from './read-arguments.ts';
import { runSimulation } from './run-simulation.ts';
import { shrinkPlan } from './shrink-plan.ts';
import { createPlan } from './steps/plan.ts';

const maximumAttempts = 80;
const shownTraceLines = 60;

/** @returns whether all oracles were content. */
async function runSeed(seed: number, options: SimulationArguments): Promise<boolean> {
  const startedAt = performance.now();
  const plan = createPlan(seed, options.steps, options.groups);
  const outcome = await runSimulation(seed, plan);
  const minutes = Math.round(outcome.virtualMs / 60_000);
  console.log(
    `seed ${seed}: ${outcome.violations.length === 0 ? 'ok' : 'FAILED'}, ${outcome.intents} intents, ${outcome.events} events, ${minutes} simulated minutes, ${Math.round(performance.now() - startedAt)} ms`,
  );
  if (options.showsTrace) console.log(outcome.trace.join('\n'));
  if (outcome.violations.length === 0) return true;
  for (const violation of outcome.violations) console.log(`  ${violation}`);
  console.log(`  looking for a shorter way there, up to ${maximumAttempts} runs …`);
  const shrunk = await shrinkPlan(outcome, plan, { maximumAttempts });
  console.log(
    `  seed ${seed}, ${shrunk.plan.length} of ${plan.length} steps: ${shrunk.plan.map(({ index, kind }) => `${index} ${kind}`).join(', ')}`,
  );
  for (const line of shrunk.outcome.trace.slice(-shownTraceLines)) console.log(`  ${line}`);
  return false;
}

async function main(): Promise<number> {
  let options: SimulationArguments;
  try {
    options = readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  const failed: number[] = [];
  for (let seed = options.firstSeed; seed <= options.lastSeed; seed += 1)
    if (!(await runSeed(seed, options))) failed.push(seed);
  const count = options.lastSeed - options.firstSeed + 1;
  console.log(
    failed.length === 0
      ? `${count} seeds, all as they should be`
      : `${failed.length} of ${count} seeds failed: ${failed.join(', ')}`,
  );
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
