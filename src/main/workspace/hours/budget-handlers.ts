import { computeEffectiveRate } from '../../../shared/domain/effective-rate.ts';
import { StintError } from '../../../shared/errors.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat } from '../engine/workspace.ts';
import { loadEngagementBudgets } from '../work/engagements.ts';
import { loadBudgetStandings } from './budget-standings.ts';

type BudgetRequests = Record<'hours.budget' | 'hours.effectiveRates', unknown>;

export const budgetHandlers = {
  'hours.budget': async ({ seatId, engagementId }, workspace) =>
    loadBudgetStandings(getSeat(workspace, seatId), computeNow(workspace), engagementId),

  /** @throws StintError `forbidden` on an employer's seat, whatever is on it. */
  'hours.effectiveRates': async ({ seatId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    if (seat.record.role !== 'intern')
      throw new StintError('forbidden', 'what an hour comes to is for the intern alone');
    const engagements = await loadEngagementBudgets(seat, {});
    return engagements
      .filter(({ pay }) => pay.kind === 'fixed')
      .map(({ engagementId, projectTitle, pay, budget: { workedSeconds } }) => ({
        engagementId,
        projectTitle,
        pay,
        workedSeconds,
        minorPerHour: computeEffectiveRate(pay, workedSeconds),
      }));
  },
} satisfies HandlersOf<BudgetRequests>;
