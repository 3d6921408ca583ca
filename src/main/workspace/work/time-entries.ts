import { sql } from 'kysely';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { computeOverlappingIds, type OwnedStretch } from '../../../shared/domain/overlaps.ts';
import { computeWorkedSeconds } from '../../../shared/domain/worked-time.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
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

/**
 * The stretches on this seat that could share time with a window, each once; of these people alone, where they are named.
 * What lies between windows is not looked through.
 */
async function loadStretchesInWindows(
  seat: Seat,
  windows: readonly InstantRange[],
  owners?: ReadonlySet<string>,
): Promise<OwnedStretch[]> {
  const parts = joinWindows(windows, (await loadLongestSeconds(seat)) * 1000);
  const isOwned =
    owners === undefined
      ? sql<boolean>`true`
      : sql<boolean>`"membershipId" in (select "value" from json_each(${JSON.stringify([...owners])}))`;
  const found = await sql<OwnedStretch>`
    select "timeEntries"."id", "membershipId" as "owner", "startedAt", "endedAt"
    from json_each(${JSON.stringify(parts)}) as "parts" cross join "timeEntries"
    where "orgId" = ${seat.record.orgId} and "deletedAt" is null
      and "startedAt" < "parts"."value" ->> 'endsAt'
      and "startedAt" >= "parts"."value" ->> 'beginsAt'
      and "endedAt" > "parts"."value" ->> 'startsAt'
      and ${isOwned}`.execute(seat.db);
  return found.rows;
}

/** Those that what began before one could reach into are one, so that nothing is found twice. */
function joinWindows(
  windows: readonly InstantRange[],
  longestMs: number,
): readonly (InstantRange & { readonly beginsAt: string })[] {
  const parts: { beginsAt: string; startsAt: string; endsAt: string }[] = [];
  const sorted = windows.toSorted((left, right) => (left.startsAt < right.startsAt ? -1 : 1));
  for (const { startsAt, endsAt } of sorted) {
    const beginsAt = computeIsoInstant(computeEpochMs(startsAt) - longestMs);
    const last = parts.at(-1);
    if (last === undefined || last.endsAt <= beginsAt) parts.push({ beginsAt, startsAt, endsAt });
    else if (last.endsAt < endsAt) last.endsAt = endsAt;
  }
  return parts;
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
  if (rows.length === 0) return [];
  const owners = new Set(rows.map(({ membershipId }) => membershipId));
  const overlapping = computeOverlappingIds([
    ...(await loadStretchesInWindows(seat, listWindows(rows), owners)),
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

/** With more rows, what lies between them is little. */
const windowsAtMost = 500;

/** When the rows, newest first, lie: each by itself, or all together. */
function listWindows(
  rows: readonly { readonly startedAt: string; readonly endedAt: string }[],
): readonly InstantRange[] {
  const windows = rows.map(({ startedAt, endedAt }) => ({ startsAt: startedAt, endsAt: endedAt }));
  const first = windows.at(-1);
  if (first === undefined || windows.length <= windowsAtMost) return windows;
  let { endsAt } = first;
  for (const window of windows) if (window.endsAt > endsAt) endsAt = window.endsAt;
  return [{ startsAt: first.startsAt, endsAt }];
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
    for (const stretch of await loadStretchesInWindows(
      other,
      [window],
      new Set([other.record.membershipId]),
    ))
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

/** So many stretches are read at once. */
const stretchesAtOnce = 2000;

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
  turns: Pausing,
): Promise<WorkedStretch[]> {
  let query = seat.db
    .selectFrom('timeEntries')
    .select(['id', 'engagementId', 'startedAt', 'endedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('deletedAt', 'is', null)
    .where('startedAt', '>=', range.startsAt)
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(stretchesAtOnce);
  if (membershipId !== undefined) query = query.where('membershipId', '=', membershipId);
  if (engagementId !== undefined) query = query.where('engagementId', '=', engagementId);
  const stretches: WorkedStretch[] = [];
  let last = { startedAt: range.endsAt, id: '' };
  for (;;) {
    const rows = await query
      .where(sql<boolean>`("startedAt", "id") < (${last.startedAt}, ${last.id})`)
      .execute();
    for (const row of rows) stretches.push(row);
    const end = rows.at(-1);
    if (end === undefined || rows.length < stretchesAtOnce) return stretches;
    last = end;
    await turns.pass();
  }
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
