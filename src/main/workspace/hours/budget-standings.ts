import { Temporal } from 'temporal-polyfill';
import type { BudgetStanding } from '../../../shared/contract/hours-requests.ts';
import { computeBudgetLevel, computeProjection } from '../../../shared/domain/budget-standing.ts';
import { computeRoundedSeconds, computeRounding } from '../../../shared/domain/rounding.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { Seat } from '../seats/seat.ts';
import { computeDay } from '../work/day-range.ts';
import { loadEngagements } from '../work/engagements.ts';
import { loadTaskItems } from '../work/task-list.ts';

const openStates: readonly string[] = ['to_do', 'in_progress', 'submitted', 'changes_requested'];

/** How each engagement stands against its hours: active ones, or the one that is asked for in whatever state. */
export async function loadBudgetStandings(
  seat: Seat,
  now: string,
  engagementId?: string,
): Promise<BudgetStanding[]> {
  const standings: BudgetStanding[] = [];
  for (const engagement of await loadEngagements(seat, { engagementId })) {
    if (engagementId === undefined && engagement.status !== 'active') continue;
    const tasks = await loadTaskItems(seat, { engagementId: engagement.engagementId }, now);
    const { project, entries } = await loadRounded(
      seat,
      engagement.projectId,
      engagement.engagementId,
    );
    const rounding = project === undefined ? null : computeRounding(project);
    const { budget } = engagement;
    const today = computeDay(computeEpochMs(now), project?.timeZone ?? 'UTC');
    const projection = computeProjection({
      workedSeconds: budget.workedSeconds,
      openTasks: tasks.filter(({ state }) => openStates.includes(state)),
      daysGone: countDays(engagement.startsOn, today),
      daysInAll: countDays(engagement.startsOn, engagement.endsOn),
    });
    standings.push({
      seatId: seat.record.seatId,
      engagementId: engagement.engagementId,
      projectTitle: engagement.projectTitle,
      internName: engagement.intern.name,
      budget,
      level: computeBudgetLevel(budget.workedSeconds, budget.budgetMinutes),
      leftSeconds: budget.budgetMinutes * 60 - budget.workedSeconds,
      projection: projection ?? null,
      rounding,
      roundedSeconds: computeRoundedSeconds(entries, rounding),
    });
  }
  return standings;
}

/** Days from the first up to and with the last; 0 where the last lies before. */
function countDays(from: string, to: string): number {
  const days = Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days + 1;
  return Math.max(0, days);
}

async function loadRounded(seat: Seat, projectId: string, engagementId: string) {
  const { orgId } = seat.record;
  const project = await seat.db
    .selectFrom('projects')
    .select(['roundingMinutes', 'roundingMode', 'roundingPer', 'timeZone'])
    .where('orgId', '=', orgId)
    .where('id', '=', projectId)
    .executeTakeFirst();
  const entries = await seat.db
    .selectFrom('timeEntries')
    .select(['startedAt', 'endedAt', 'zone'])
    .where('orgId', '=', orgId)
    .where('engagementId', '=', engagementId)
    .where('deletedAt', 'is', null)
    .execute();
  return { project, entries };
}
