import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import { computeWorkedSeconds } from '../../../shared/domain/worked-time.ts';
import { computeNow, getSeat, type Workspace } from '../engine/workspace.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import { computeDay, computeDayRange, computeWeekStart } from './day-range.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { readInOneState } from './kept-read.ts';
import { loadEngagements } from './engagements.ts';
import { listInternSeats } from './hours-handlers.ts';
import { completeTaskItems } from './task-list.ts';
import { compareByDue, loadTaskOutlines, type TaskOutline } from './task-outlines.ts';
import { loadWorkedStretches } from './time-entries.ts';
import { loadWorkedHours } from './worked-hours.ts';

/** The first of each group: the day shows what is next, the list of tasks all there is. */
const tasksShown = 50;

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
  return readInOneState(seats, (turns) => readToday(workspace, seats, turns), loadWorkedHours);
}

async function readToday(
  workspace: Workspace,
  seats: readonly Seat[],
  turns: Pausing,
): Promise<RequestOutput<'today.get'>> {
  const zone = computeLocalTimeZone(workspace.ports);
  const today = computeDay(workspace.ports.clock.nowMs(), zone);
  const dayStartsAt = computeDayRange(today, today, zone).startsAt;
  const week = computeDayRange(computeWeekStart(today), today, zone);

  const engagements: Engagement[] = [];
  const tasks: TaskOutline[] = [];
  const entries: { startedAt: string; endedAt: string }[] = [];
  for (const seat of seats) {
    const active = (await loadEngagements(seat, {})).filter(({ status }) => status === 'active');
    const activeIds = new Set(active.map(({ engagementId }) => engagementId));
    engagements.push(...active);
    for (const outline of await loadTaskOutlines(seat, {}))
      if (outline.state === 'submitted' || activeIds.has(outline.task.engagementId))
        tasks.push(outline);
    const { membershipId } = seat.record;
    for (const worked of await loadWorkedStretches(seat, { membershipId, range: week }, turns))
      entries.push(worked);
  }
  // Those of one seat are in this order already.
  tasks.sort(compareByDue);
  const now = computeNow(workspace);
  const due = tasks.filter(({ state }) => state === 'to_do' || state === 'in_progress');
  const cameBack = tasks.filter(({ state }) => state === 'changes_requested');
  const waiting = tasks.filter(({ state }) => state === 'submitted');
  const running = await workspace.timer.find();
  const atWork = [...due, ...cameBack].filter(
    ({ seat, taskId }) => taskId === running?.taskId && seat.record.seatId === running.seatId,
  );
  const complete = (outlines: readonly TaskOutline[]) =>
    completeTaskItems(outlines.slice(0, tasksShown), now, { turns });
  return {
    due: await complete(due),
    cameBack: await complete(cameBack),
    waiting: await complete(waiting),
    counts: { due: due.length, cameBack: cameBack.length, waiting: waiting.length },
    atWork: (await complete(atWork))[0] ?? null,
    secondsToday: computeWorkedSeconds(entries.filter((entry) => entry.startedAt >= dayStartsAt)),
    secondsThisWeek: computeWorkedSeconds(entries),
    engagements,
  };
}
