/** Where an engagement stands against its hours. Never more than a warning: over budget is neither blocked nor hidden. */
export type BudgetLevel = 'within' | 'near' | 'over';

/** From this share of the budget on both sides are warned. */
const nearShare = 0.8;

export function computeBudgetLevel(workedSeconds: number, budgetMinutes: number): BudgetLevel {
  const share = workedSeconds / (budgetMinutes * 60);
  return share >= 1 ? 'over' : share >= nearShare ? 'near' : 'within';
}

export interface OpenTask {
  readonly estimateMinutes: number | null;
  readonly workedSeconds: number;
}

export interface Projection {
  readonly seconds: number;
  /** `estimates`: what is left of the open tasks' estimates; `pace`: as many hours a day as until now. */
  readonly basis: 'estimates' | 'pace';
}

/**
 * What the engagement will have taken in the end: by the estimates where every open task has one, else by the pace so
 * far. Undefined where neither says anything: before the first hour, or before a whole day has gone by.
 */
export function computeProjection(standing: {
  readonly workedSeconds: number;
  readonly openTasks: readonly OpenTask[];
  /** Days from the engagement's start until today, and until its end. */
  readonly daysGone: number;
  readonly daysInAll: number;
}): Projection | undefined {
  const { workedSeconds, openTasks, daysGone, daysInAll } = standing;
  if (openTasks.length === 0)
    return workedSeconds === 0 ? undefined : { seconds: workedSeconds, basis: 'estimates' };
  let left = 0;
  let isEstimated = true;
  for (const task of openTasks) {
    if (task.estimateMinutes === null) isEstimated = false;
    else left += Math.max(0, task.estimateMinutes * 60 - task.workedSeconds);
  }
  if (isEstimated) return { seconds: workedSeconds + left, basis: 'estimates' };
  if (workedSeconds === 0 || daysGone < 1) return undefined;
  const seconds = Math.round((workedSeconds / daysGone) * Math.max(daysInAll, daysGone));
  return { seconds, basis: 'pace' };
}
