import { comeToRest } from './come-to-rest.ts';
import { checkFiles } from './oracles/check-files.ts';
import { checkIntents } from './oracles/check-intents.ts';
import { checkLog, checkOutboxes } from './oracles/check-log.ts';
import { checkDecisions } from './oracles/check-decisions.ts';
import { checkModel } from './oracles/check-model.ts';
import { checkOrder } from './oracles/check-order.ts';
import { checkTexts } from './oracles/check-texts.ts';
import { checkReplicas } from './oracles/check-replicas.ts';
import { checkVerdicts } from './oracles/check-verdicts.ts';
import { type Sabotage, Simulation } from './simulation.ts';
import { runFaultStep } from './steps/fault-steps.ts';
import { runPersonStep } from './steps/person-steps.ts';
import { type FaultStepKind, isWorkStep, type PersonStepKind, type Step } from './steps/plan.ts';
import { runWorkStep } from './steps/work-steps.ts';

export interface Outcome {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  readonly events: number;
  readonly intents: number;
  readonly virtualMs: number;
}

/** Runs these steps in the world that the seed makes, lets everything come to rest, and asks the oracles. */
export async function runSimulation(
  seed: number,
  plan: readonly Step[],
  sabotage: Sabotage = {},
): Promise<Outcome> {
  const simulation = await Simulation.open(seed, sabotage);
  const { world } = simulation;
  try {
    for (const step of plan) {
      if (step.kind.startsWith('fault.'))
        await runFaultStep(simulation, step, step.kind as FaultStepKind);
      else if (isWorkStep(step.kind)) await runWorkStep(simulation, step, step.kind);
      else await runPersonStep(simulation, step, step.kind as PersonStepKind);
      await sabotage.afterStep?.(simulation, step);
      if (world.server.isUp)
        for (const change of lookAtServer(simulation)) simulation.violate(change);
      await world.advance(simulation.createRandom(step).between(0, 1500));
    }
    for (const end of await comeToRest(simulation)) simulation.violate(end);
    await sabotage.atEnd?.(simulation);
    if (world.server.isUp) askOracles(simulation);
  } catch (error) {
    simulation.violate(`the simulation itself failed: ${(error as Error).stack}`);
  } finally {
    await simulation.close();
  }
  return {
    seed,
    violations: simulation.violations,
    trace: world.traceLines,
    events: world.time.eventCount,
    intents: simulation.ledger.intents.length,
    virtualMs: world.time.nowMs,
  };
}

/** What has to hold at every moment. */
function lookAtServer({ verdicts, approvals, world }: Simulation): string[] {
  const { server, hook } = world;
  const changes = verdicts.look(server.connection);
  if (!server.isUp) return changes;
  return [...changes, ...hook.lookUnseen(() => approvals.look(server.connection))];
}

function askOracles(simulation: Simulation): void {
  const found = [
    ...lookAtServer(simulation),
    ...checkIntents(simulation),
    ...checkModel(simulation),
    ...checkTexts(simulation),
    ...checkDecisions(simulation),
    ...checkOrder(simulation),
    ...checkReplicas(simulation),
    ...checkLog(simulation),
    ...checkOutboxes(simulation),
    ...checkFiles(simulation),
    ...checkVerdicts(simulation),
  ];
  for (const violation of found) simulation.violate(violation);
}
