import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Engagement, TaskItem } from '../../../shared/contract/shapes.ts';
import { computeWorkedSeconds } from '../../../shared/domain/worked-time.ts';
import { computeNow, getSeat, type Workspace } from '../engine/workspace.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import { computeDay, computeDayRange, computeWeekStart } from './day-range.ts';
import { loadEngagements } from './engagements.ts';
import { listInternSeats } from './hours-handlers.ts';
import { compareByDue, loadTaskItems } from './task-list.ts';
import { loadWorkedStretches } from './time-entries.ts';

/**
 * The intern's day. Tasks of engagements that are over are left out, but for work that still waits for a
 * decision. Seconds are those of recorded entries that began on these days, by this computer's zone, overlaps
 * counted once for each; a running timer is not in them. Weeks begin on Monday.
 * An employer's seat has no such day: its answer is empty.
 */
export async function loadToday(
  workspace: Workspace,
  seatId: string | undefined,
): Promise<RequestOutput<'today.get'>> {
  const seats = listInternSeats(workspace).filter(
    (seat) => seatId === undefined || seat === getSeat(workspace, seatId),
  );
  const zone = computeLocalTimeZone(workspace.ports);
  const today = computeDay(workspace.ports.clock.nowMs(), zone);
  const dayStartsAt = computeDayRange(today, today, zone).startsAt;
  const week = computeDayRange(computeWeekStart(today), today, zone);

  const engagements: Engagement[] = [];
  const tasks: TaskItem[] = [];
  const entries: { startedAt: string; endedAt: string }[] = [];
  for (const seat of seats) {
    const active = (await loadEngagements(seat, {})).filter(({ status }) => status === 'active');
    const activeIds = new Set(active.map(({ engagementId }) => engagementId));
    engagements.push(...active);
    for (const task of await loadTaskItems(seat, {}, computeNow(workspace)))
      if (task.state === 'submitted' || activeIds.has(task.engagementId)) tasks.push(task);
    for (const worked of await loadWorkedStretches(seat, seat.record.membershipId, week))
      entries.push(worked);
  }
  tasks.sort(compareByDue);
  return {
    due: tasks.filter(({ state }) => state === 'to_do' || state === 'in_progress'),
    cameBack: tasks.filter(({ state }) => state === 'changes_requested'),
    waiting: tasks.filter(({ state }) => state === 'submitted'),
    secondsToday: computeWorkedSeconds(entries.filter((entry) => entry.startedAt >= dayStartsAt)),
    secondsThisWeek: computeWorkedSeconds(entries),
    engagements,
  };
}
