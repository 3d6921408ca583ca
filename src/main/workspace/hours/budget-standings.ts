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
  const engagements = await loadEngagements(seat, { engagementId });
  const tasksByEngagement = Map.groupBy(
    await loadTaskItems(seat, { engagementId }, now),
    (task) => task.engagementId,
  );
  const projects = await loadProjects(seat);
  for (const engagement of engagements) {
    if (engagementId === undefined && engagement.status !== 'active') continue;
    const tasks = tasksByEngagement.get(engagement.engagementId) ?? [];
    const project = projects.get(engagement.projectId);
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
      roundedSeconds:
        rounding === null
          ? budget.workedSeconds
          : computeRoundedSeconds(await loadStretches(seat, engagement.engagementId), rounding),
    });
  }
  return standings;
}

/** Days from the first up to and with the last; 0 where the last lies before. */
function countDays(from: string, to: string): number {
  const days = Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days + 1;
  return Math.max(0, days);
}

async function loadProjects(seat: Seat) {
  const rows = await seat.db
    .selectFrom('projects')
    .select(['id', 'roundingMinutes', 'roundingMode', 'roundingPer', 'timeZone'])
    .where('orgId', '=', seat.record.orgId)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

async function loadStretches(seat: Seat, engagementId: string) {
  return seat.db
    .selectFrom('timeEntries')
    .select(['startedAt', 'endedAt', 'zone'])
    .where('orgId', '=', seat.record.orgId)
    .where('engagementId', '=', engagementId)
    .where('deletedAt', 'is', null)
    .execute();
}
