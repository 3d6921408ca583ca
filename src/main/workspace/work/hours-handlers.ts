import type { RequestArguments, RequestOutput } from '../../../shared/contract/contract.ts';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { computeCoveredSeconds, computeWorkedSeconds } from '../../../shared/domain/worked-time.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import { assertEntriesOpen, assertPeriodOpen } from '../hours/entry-locks.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import type { Seat } from '../seats/seat.ts';
import { computeDayRange, countDays, type InstantRange, listDays } from './day-range.ts';
import type { Pausing } from '../sync/turns.ts';
import { loadEngagementBudgets } from './engagements.ts';
import { readInOneState } from './kept-read.ts';
import { getTaskRow } from './task-list.ts';
import {
  getTimeEntry,
  loadOwnStretchesElsewhere,
  loadTimeEntries,
  loadWorkedStretches,
  type WorkedStretch,
} from './time-entries.ts';
import { loadLongestSeconds, loadWorkedHours } from './worked-hours.ts';

type HoursRequests = Record<'hours.list' | 'hours.add' | 'hours.edit' | 'hours.delete', unknown>;

/** A year and a day: enough for every view, and a bound on the days listed. */
const maximumDays = 366;

/** One seat's entries of a stretch of days: an intern's own, or for an employer those of everyone. */
async function loadEntriesInRange(
  workspace: Workspace,
  seat: Seat,
  range: InstantRange,
  engagementId: string | undefined,
  limit: number | undefined,
): Promise<TimeEntry[]> {
  if (seat.record.role !== 'intern') return loadTimeEntries(seat, { engagementId, range, limit });
  // What begins in the range may end after it, and overlap there.
  const longestMs = (await loadLongestSeconds(seat)) * 1000;
  const endsAt = computeIsoInstant(computeEpochMs(range.endsAt) + longestMs);
  const elsewhere = await loadOwnStretchesElsewhere(seat, listInternSeats(workspace), {
    ...range,
    endsAt,
  });
  const { membershipId } = seat.record;
  return loadTimeEntries(seat, { membershipId, engagementId, range, limit }, elsewhere);
}

export function listInternSeats(workspace: Workspace): Seat[] {
  return workspace.seats.list().filter((seat) => seat.record.role === 'intern');
}

/** The sums of each day on which an entry begins, by the zone's calendar. Entries newest first. */
async function computeDays(
  entries: readonly WorkedStretch[],
  { from, to, zone }: { readonly from: string; readonly to: string; readonly zone: string },
  turns: Pausing,
): Promise<RequestOutput<'hours.list'>['days']> {
  const days = listDays(from, to, zone);
  const found: RequestOutput<'hours.list'>['days'] = [];
  let next = entries.length - 1;
  for (const [index, { date }] of days.entries()) {
    await turns.pass();
    const dayEndsAt = days[index + 1]?.startsAt;
    const ofDay: WorkedStretch[] = [];
    for (; next >= 0; next -= 1) {
      const entry = entries[next];
      if (entry === undefined || (dayEndsAt !== undefined && entry.startedAt >= dayEndsAt)) break;
      ofDay.push(entry);
    }
    if (ofDay.length > 0)
      found.push({
        date,
        seconds: computeWorkedSeconds(ofDay),
        coveredSeconds: computeCoveredSeconds(ofDay),
      });
  }
  return found.reverse();
}

async function loadBudgets(
  seats: readonly Seat[],
  engagementId: string | undefined,
  entries: readonly WorkedStretch[],
): Promise<RequestOutput<'hours.list'>['budgets']> {
  const worked = new Set(entries.map((entry) => entry.engagementId));
  const budgets: RequestOutput<'hours.list'>['budgets'] = [];
  for (const seat of seats)
    for (const engagement of await loadEngagementBudgets(seat, { engagementId }))
      if (
        engagement.engagementId === engagementId ||
        engagement.status === 'active' ||
        worked.has(engagement.engagementId)
      )
        budgets.push({
          engagementId: engagement.engagementId,
          projectTitle: engagement.projectTitle,
          budget: engagement.budget,
        });
  return budgets;
}

const compareNewest = (left: WorkedStretch, right: WorkedStretch): number =>
  left.startedAt > right.startedAt ? -1 : left.startedAt < right.startedAt ? 1 : 0;

/** The same entries as those that are listed, as sums need them. Newest first. */
async function loadStretchesInRange(
  seats: readonly Seat[],
  range: InstantRange,
  engagementId: string | undefined,
  turns: Pausing,
): Promise<WorkedStretch[]> {
  const stretches: WorkedStretch[][] = [];
  for (const seat of seats) {
    const membershipId = seat.record.role === 'intern' ? seat.record.membershipId : undefined;
    const wanted = { membershipId, engagementId, range };
    stretches.push(await loadWorkedStretches(seat, wanted, turns));
  }
  const all = stretches.flat();
  return seats.length > 1 ? all.sort(compareNewest) : all;
}

async function listHours(
  { seatId, engagementId, from, to, limit }: RequestArguments<'hours.list'>,
  workspace: Workspace,
): Promise<RequestOutput<'hours.list'>> {
  const zone = computeLocalTimeZone(workspace.ports);
  const range = computeDayRange(from, to, zone);
  // Not listed first: of all years that there are it would take minutes.
  if (countDays(from, to) > maximumDays)
    throw new StintError('invalid_input', `expected at most ${maximumDays} days at a time`, {
      field: 'to',
    });
  const seats = seatId === undefined ? listInternSeats(workspace) : [getSeat(workspace, seatId)];
  const read = async (turns: Pausing): Promise<RequestOutput<'hours.list'>> => {
    const entries: TimeEntry[] = [];
    for (const seat of seats) {
      const found = await loadEntriesInRange(workspace, seat, range, engagementId, limit);
      for (const entry of found) entries.push(entry);
      await turns.pass();
    }
    entries.sort(compareNewest);
    const all =
      limit === undefined ? entries : await loadStretchesInRange(seats, range, engagementId, turns);
    const days = await computeDays(all, { from, to, zone }, turns);
    await turns.pass();
    const totalSeconds = computeWorkedSeconds(all);
    await turns.pass();
    const coveredSeconds = computeCoveredSeconds(all);
    await turns.pass();
    return {
      entries: limit === undefined ? entries : entries.slice(0, limit),
      entryCount: all.length,
      days,
      totalSeconds,
      coveredSeconds,
      budgets: await loadBudgets(seats, engagementId, all),
    };
  };
  return readInOneState(seats, read, loadWorkedHours);
}

export const hoursHandlers = {
  /** Without a seat: the intern's own hours over all their seats. Newest day first; days without work are left out. */
  'hours.list': listHours,

  'hours.add': async ({ seatId, ...entry }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title, engagementId } = await getTaskRow(seat, entry.taskId);
    await assertPeriodOpen(seat, engagementId, entry.startedAt);
    const timeEntryId = workspace.ports.randomness.uuid();
    const zone = computeLocalTimeZone(workspace.ports);
    await seat.mutate(
      'time.add',
      { ...entry, timeEntryId, zone, source: 'manual' },
      { subject: title },
    );
    return getTimeEntry(seat, timeEntryId);
  },

  'hours.edit': async ({ seatId, timeEntryId, patch }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { startedAt, endedAt, note, taskId, taskTitle, engagementId } = await getTimeEntry(
      seat,
      timeEntryId,
    );
    await assertEntriesOpen(seat, [timeEntryId]);
    if (patch.startedAt !== undefined) await assertPeriodOpen(seat, engagementId, patch.startedAt);
    await seat.mutate(
      'time.edit',
      { timeEntryId, patch, seen: { startedAt, endedAt, note, taskId } },
      { subject: taskTitle },
    );
    return getTimeEntry(seat, timeEntryId);
  },

  'hours.delete': async ({ seatId, timeEntryId, deleted }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const entry = await seat.db
      .selectFrom('timeEntries')
      .select(['startedAt', 'endedAt', 'note', 'taskId', 'engagementId'])
      .where('orgId', '=', seat.record.orgId)
      .where('id', '=', timeEntryId)
      .executeTakeFirst();
    if (entry === undefined)
      throw new StintError('not_found', `there is no time entry ${timeEntryId} here`, {
        field: 'timeEntryId',
      });
    await assertEntriesOpen(seat, [timeEntryId]);
    const { engagementId, ...seen } = entry;
    // What comes back is added to its days.
    if (!deleted) await assertPeriodOpen(seat, engagementId, entry.startedAt);
    const { title } = await getTaskRow(seat, entry.taskId);
    await seat.mutate('time.delete', { timeEntryId, deleted, seen }, { subject: title });
    return {};
  },
} satisfies HandlersOf<HoursRequests>;
