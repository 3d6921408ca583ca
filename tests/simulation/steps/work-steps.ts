import type { Simulation } from '../simulation.ts';
import { agreementActions } from './agreement-steps.ts';
import { approvalActions } from './approval-steps.ts';
import { askedActions } from './asked-steps.ts';
import { deskActions } from './desk-steps.ts';
import { hoursActions } from './hours-steps.ts';
import { listActions } from './list-steps.ts';
import type { Step, WorkStepKind } from './plan.ts';
import { type Action, openScene } from './scene.ts';
import { timerActions } from './timer-steps.ts';

const actions: Record<WorkStepKind, Action> = {
  ...hoursActions,
  ...approvalActions,
  ...timerActions,
  ...askedActions,
  ...agreementActions,
  ...deskActions,
  ...listActions,
};

/** One thing that a person does, of the work that a run may hold. */
export async function runWorkStep(
  simulation: Simulation,
  step: Step,
  kind: WorkStepKind,
): Promise<void> {
  const scene = openScene(simulation, step, simulation.createRandom(step), kind);
  if (scene !== undefined) await actions[kind](scene);
}
