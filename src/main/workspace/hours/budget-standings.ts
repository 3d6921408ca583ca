import type { BudgetStanding } from '../../../shared/contract/hours-requests.ts';
import { computeBudgetLevel, computeProjection } from '../../../shared/domain/budget-standing.ts';
import { computeRoundedSeconds } from '../../../shared/domain/rounding.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { Seat } from '../seats/seat.ts';
import { computeDay, countDays } from '../work/day-range.ts';
import type { Pausing } from '../sync/turns.ts';
import { readInOneState } from '../work/kept-read.ts';
import { loadEngagements } from '../work/engagements.ts';
import { loadTaskDecisions } from '../work/task-decisions.ts';
import { loadTaskOutlines } from '../work/task-outlines.ts';
import { loadTermsThatHold } from '../work/terms-that-hold.ts';
import { loadWorkedHours } from '../work/worked-hours.ts';

const openStates: readonly string[] = ['to_do', 'in_progress', 'submitted', 'changes_requested'];

/** How each engagement stands against its hours: active ones, or the one that is asked for in whatever state. */
export async function loadBudgetStandings(
  seat: Seat,
  now: string,
  engagementId?: string,
): Promise<BudgetStanding[]> {
  return readInOneState(
    [seat],
    (turns) => readBudgetStandings(seat, now, engagementId, turns),
    loadWorkedHours,
  );
}

async function readBudgetStandings(
  seat: Seat,
  now: string,
  engagementId: string | undefined,
  turns: Pausing,
): Promise<BudgetStanding[]> {
  const standings: BudgetStanding[] = [];
  const decisions = await loadTaskDecisions(seat, { engagementId });
  const engagements = await loadEngagements(seat, { engagementId }, decisions);
  const tasksByEngagement = Map.groupBy(
    (await loadTaskOutlines(seat, { engagementId }, decisions)).filter(({ state }) =>
      openStates.includes(state),
    ),
    ({ task }) => task.engagementId,
  );
  await turns.pass();
  const findTerms = await loadTermsThatHold(seat, engagementId);
  // Many engagements run over the same days in few zones, and calendars are dear.
  const todays = new Map<string, string>();
  const getToday = (zone: string) => {
    const known = todays.get(zone);
    if (known !== undefined) return known;
    const today = computeDay(computeEpochMs(now), zone);
    todays.set(zone, today);
    return today;
  };
  const days = new Map<string, number>();
  const getDays = (from: string, to: string) => {
    const key = `${from}/${to}`;
    const known = days.get(key) ?? countDays(from, to);
    days.set(key, known);
    return known;
  };
  for (const engagement of engagements) {
    await turns.pass();
    if (engagementId === undefined && engagement.status !== 'active') continue;
    const tasks = tasksByEngagement.get(engagement.engagementId) ?? [];
    const terms = findTerms(engagement.engagementId);
    const rounding = terms?.rounding ?? null;
    const { budget } = engagement;
    const today = getToday(terms?.timeZone ?? 'UTC');
    const projection = computeProjection({
      workedSeconds: budget.workedSeconds,
      openTasks: tasks.map(({ task: { estimateMinutes }, workedSeconds }) => ({
        estimateMinutes,
        workedSeconds,
      })),
      daysGone: getDays(engagement.startsOn, today),
      daysInAll: getDays(engagement.startsOn, engagement.endsOn),
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

async function loadStretches(seat: Seat, engagementId: string) {
  return seat.db
    .selectFrom('timeEntries')
    .select(['startedAt', 'endedAt', 'zone'])
    .where('orgId', '=', seat.record.orgId)
    .where('engagementId', '=', engagementId)
    .where('deletedAt', 'is', null)
    .execute();
}
