import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { computeOverlappingIds, type OwnedStretch } from '../../../shared/domain/overlaps.ts';
import { computeWorkedSeconds } from '../../../shared/domain/worked-time.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import type { Seat } from '../seats/seat.ts';
import type { InstantRange } from './day-range.ts';
import { loadOrganizationName } from './people-names.ts';
import { loadSyncMarks } from './sync-marks.ts';
import { loadLongestSeconds } from './worked-hours.ts';

export interface TimeFilter {
  readonly membershipId?: string | undefined;
  readonly engagementId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly timeEntryId?: string | undefined;
  readonly timesheetId?: string | undefined;
  /** Entries that begin in the range. */
  readonly range?: InstantRange | undefined;
  /** The newest of them, so many at most. */
  readonly limit?: number | undefined;
}

/** The stretches of everyone on this seat that could share time with the window. */
async function loadStretchesInWindow(seat: Seat, window: InstantRange): Promise<OwnedStretch[]> {
  const beforeMs = (await loadLongestSeconds(seat)) * 1000;
  return seat.db
    .selectFrom('timeEntries')
    .select(['id', 'membershipId as owner', 'startedAt', 'endedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('deletedAt', 'is', null)
    .where('startedAt', '<', window.endsAt)
    .where('startedAt', '>=', computeIsoInstant(computeEpochMs(window.startsAt) - beforeMs))
    .where('endedAt', '>', window.startsAt)
    .execute();
}

async function loadEntryRows(seat: Seat, filter: TimeFilter) {
  let query = seat.db
    .selectFrom('timeEntries')
    .leftJoin('tasks', (join) =>
      join
        .onRef('tasks.orgId', '=', 'timeEntries.orgId')
        .onRef('tasks.id', '=', 'timeEntries.taskId'),
    )
    .leftJoin('timesheets', (join) =>
      join
        .onRef('timesheets.orgId', '=', 'timeEntries.orgId')
        .onRef('timesheets.id', '=', 'timeEntries.timesheetId'),
    )
    .selectAll('timeEntries')
    .select(['tasks.title as taskTitle', 'timesheets.state as timesheetState'])
    .where('timeEntries.orgId', '=', seat.record.orgId)
    .where('timeEntries.deletedAt', 'is', null)
    .orderBy('timeEntries.startedAt', 'desc')
    .orderBy('timeEntries.id', 'desc');
  const { membershipId, engagementId, taskId, timeEntryId, timesheetId, range, limit } = filter;
  if (membershipId !== undefined)
    query = query.where('timeEntries.membershipId', '=', membershipId);
  if (engagementId !== undefined)
    query = query.where('timeEntries.engagementId', '=', engagementId);
  if (taskId !== undefined) query = query.where('timeEntries.taskId', '=', taskId);
  if (timeEntryId !== undefined) query = query.where('timeEntries.id', '=', timeEntryId);
  if (timesheetId !== undefined) query = query.where('timeEntries.timesheetId', '=', timesheetId);
  if (range !== undefined)
    query = query
      .where('timeEntries.startedAt', '>=', range.startsAt)
      .where('timeEntries.startedAt', '<', range.endsAt);
  if (limit !== undefined) query = query.limit(limit);
  return query.execute();
}

/**
 * A seat's time entries, newest first.
 *
 * @param elsewhere stretches of the same person on other seats, whose overlap is shown too; their owner is
 * this seat's membership.
 */
export async function loadTimeEntries(
  seat: Seat,
  filter: TimeFilter,
  elsewhere: readonly OwnedStretch[] = [],
): Promise<TimeEntry[]> {
  const rows = await loadEntryRows(seat, filter);
  const last = rows[0];
  const first = rows.at(-1);
  if (last === undefined || first === undefined) return [];
  let endsAt = last.endedAt;
  for (const row of rows) if (row.endedAt > endsAt) endsAt = row.endedAt;
  const window = { startsAt: first.startedAt, endsAt };
  const overlapping = computeOverlappingIds([
    ...(await loadStretchesInWindow(seat, window)),
    ...elsewhere,
  ]);
  const organizationName = await loadOrganizationName(seat);
  const marks = await loadSyncMarks(seat, 'timeEntries');
  const now = computeIsoInstant(seat.clock.nowMs());
  return rows.map((row) => ({
    seatId: seat.record.seatId,
    timeEntryId: row.id,
    taskId: row.taskId,
    engagementId: row.engagementId,
    taskTitle: row.taskTitle ?? '',
    organizationName,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    zone: row.zone,
    seconds: computeWorkedSeconds([row]),
    source: row.source,
    note: row.note,
    overlaps: overlapping.has(row.id),
    wasRevived: row.revivedAt !== null,
    isInFuture: row.endedAt > now,
    timesheet: computeTimesheetMark(row),
    mark: marks.get(row.id),
  }));
}

function computeTimesheetMark(row: {
  readonly timesheetId: string | null;
  readonly timesheetState: 'submitted' | 'approved' | 'returned' | 'withdrawn' | null;
}): TimeEntry['timesheet'] {
  const { timesheetId, timesheetState: state } = row;
  return timesheetId === null || state === null || state === 'withdrawn'
    ? null
    : { timesheetId, state };
}

/** What an intern worked on their other seats in a window, as overlaps on `seat` are judged by. */
export async function loadOwnStretchesElsewhere(
  seat: Seat,
  ownSeats: readonly Seat[],
  window: InstantRange,
): Promise<OwnedStretch[]> {
  const stretches: OwnedStretch[] = [];
  for (const other of ownSeats) {
    if (other === seat) continue;
    for (const stretch of await loadStretchesInWindow(other, window))
      if (stretch.owner === other.record.membershipId)
        stretches.push({ ...stretch, owner: seat.record.membershipId });
  }
  return stretches;
}

/** When somebody worked, and for what: all that sums need. */
export interface WorkedStretch {
  readonly engagementId: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Newest first. */
export async function loadWorkedStretches(
  seat: Seat,
  {
    membershipId,
    engagementId,
    range,
  }: Pick<TimeFilter, 'membershipId' | 'engagementId'> & {
    readonly range: InstantRange;
  },
): Promise<WorkedStretch[]> {
  let query = seat.db
    .selectFrom('timeEntries')
    .select(['engagementId', 'startedAt', 'endedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('deletedAt', 'is', null)
    .where('startedAt', '>=', range.startsAt)
    .where('startedAt', '<', range.endsAt)
    .orderBy('startedAt', 'desc');
  if (membershipId !== undefined) query = query.where('membershipId', '=', membershipId);
  if (engagementId !== undefined) query = query.where('engagementId', '=', engagementId);
  return query.execute();
}

/** @throws StintError `not_found` when there is no such entry, or it was deleted. */
export async function getTimeEntry(seat: Seat, timeEntryId: string): Promise<TimeEntry> {
  const [entry] = await loadTimeEntries(seat, { timeEntryId });
  if (entry === undefined)
    throw new StintError('not_found', `there is no time entry ${timeEntryId} here`, {
      field: 'timeEntryId',
    });
  return entry;
}
