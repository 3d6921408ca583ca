import type { Timesheet, TimesheetItem } from '../../../shared/contract/hours-requests.ts';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { ZoneDays } from '../../../shared/domain/day-parts.ts';
import {
  computeRoundedMs,
  computeRoundedSeconds,
  computeRounding,
} from '../../../shared/domain/rounding.ts';
import { computeTimesheetHash } from '../../../shared/domain/timesheet-hash.ts';
import { computeCoveredSeconds, computeWorkedSeconds } from '../../../shared/domain/worked-time.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadPeopleByMembership } from '../work/people-names.ts';
import { loadSyncMarks } from '../work/sync-marks.ts';
import { loadTimeEntries } from '../work/time-entries.ts';
import { loadBudgetStandings } from './budget-standings.ts';

export interface TimesheetFilter {
  readonly engagementId?: string | undefined;
  readonly timesheetId?: string | undefined;
}

type Row = DomainRow<'timesheets'> & { projectTitle: string | null; taskTitle: string | null };

async function loadRows(seat: Seat, filter: TimesheetFilter): Promise<Row[]> {
  let query = seat.db
    .selectFrom('timesheets')
    .leftJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'timesheets.orgId')
        .onRef('engagements.id', '=', 'timesheets.engagementId'),
    )
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .leftJoin('tasks', (join) =>
      join
        .onRef('tasks.orgId', '=', 'timesheets.orgId')
        .onRef('tasks.id', '=', 'timesheets.taskId'),
    )
    .selectAll('timesheets')
    .select(['projects.title as projectTitle', 'tasks.title as taskTitle'])
    .where('timesheets.orgId', '=', seat.record.orgId)
    .where('timesheets.state', '!=', 'withdrawn')
    .orderBy('timesheets.submittedAt', 'desc')
    .orderBy('timesheets.id', 'desc');
  if (filter.engagementId !== undefined)
    query = query.where('timesheets.engagementId', '=', filter.engagementId);
  if (filter.timesheetId !== undefined)
    query = query.where('timesheets.id', '=', filter.timesheetId);
  return query.execute();
}

/** Timesheets with their sums: those that wait first, then the newest. */
export async function loadTimesheetItems(
  seat: Seat,
  filter: TimesheetFilter,
): Promise<TimesheetItem[]> {
  const rows = await loadRows(seat, filter);
  const people = await loadPeopleByMembership(seat);
  const marks = await loadSyncMarks(seat, 'timesheets');
  const items: TimesheetItem[] = [];
  for (const row of rows) {
    const entries = await loadTimeEntries(seat, { timesheetId: row.id });
    const rounding = computeRounding(row);
    items.push({
      seatId: seat.record.seatId,
      timesheetId: row.id,
      engagementId: row.engagementId,
      projectTitle: row.projectTitle ?? '',
      internName: people.get(row.membershipId)?.name ?? '',
      kind: row.kind,
      startsOn: row.startsOn,
      endsOn: row.endsOn,
      zone: row.zone,
      taskTitle: row.taskTitle,
      note: row.note,
      state: row.state,
      submittedAt: row.submittedAt,
      deciderName: row.decidedBy === null ? null : (people.get(row.decidedBy)?.name ?? ''),
      decidedAt: row.decidedAt,
      decisionNote: row.decisionNote,
      rounding,
      exactSeconds: computeWorkedSeconds(entries),
      roundedSeconds: computeRoundedSeconds(entries, rounding),
      coveredSeconds: computeCoveredSeconds(entries),
      entryCount: entries.length,
      overlapCount: entries.filter(({ overlaps }) => overlaps).length,
      mark: marks.get(row.id),
    });
  }
  const waits = ({ state }: TimesheetItem) => (state === 'submitted' ? 0 : 1);
  return items.sort((left, right) => waits(left) - waits(right));
}

/** @throws StintError `not_found`. */
export async function getTimesheetItem(seat: Seat, timesheetId: string): Promise<TimesheetItem> {
  const [item] = await loadTimesheetItems(seat, { timesheetId });
  if (item === undefined)
    throw new StintError('not_found', `there is no timesheet ${timesheetId} here`, {
      field: 'timesheetId',
    });
  return item;
}

/** @throws StintError `not_found`. */
export async function loadTimesheet(
  workspace: Workspace,
  seat: Seat,
  timesheetId: string,
): Promise<Timesheet> {
  const item = await getTimesheetItem(seat, timesheetId);
  const entries = (await loadTimeEntries(seat, { timesheetId })).toReversed();
  const { rounding } = item;
  const comments = await loadComments(seat, timesheetId);
  const editCounts = await loadEditCounts(seat, entries);
  const daysByZone = new Map<string, ZoneDays>();
  const msByDate = new Map<string, number>();
  const lines = entries.map((entry): Timesheet['entries'][number] => {
    const days = daysByZone.get(entry.zone) ?? new ZoneDays(entry.zone);
    daysByZone.set(entry.zone, days);
    const parts = days.split(entry);
    for (const { date, ms } of parts) msByDate.set(date, (msByDate.get(date) ?? 0) + ms);
    const exactMs = parts.reduce((sum, { ms }) => sum + ms, 0);
    return {
      entry,
      days: parts.map(({ date, ms }) => ({ date, seconds: Math.round(ms / 1000) })),
      roundedSeconds: rounding?.per === 'entry' ? computeRoundedMs(exactMs, rounding) / 1000 : null,
      editCount: editCounts.get(entry.timeEntryId) ?? 0,
      comments: comments.get(entry.timeEntryId) ?? [],
    };
  });
  const [standing] = await loadBudgetStandings(seat, computeNow(workspace), item.engagementId);
  if (standing === undefined)
    throw new StintError('not_found', 'the engagement of this timesheet is not here');
  return {
    item,
    entries: lines,
    days: [...msByDate]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([date, ms]) => ({
        date,
        exactSeconds: Math.round(ms / 1000),
        roundedSeconds: rounding?.per === 'day' ? computeRoundedMs(ms, rounding) / 1000 : null,
      })),
    contentHash: computeTimesheetHash(
      entries.map((entry) => ({ ...entry, id: entry.timeEntryId })),
      workspace.ports.sha256Hex,
    ),
    standing,
  };
}

async function loadComments(seat: Seat, timesheetId: string) {
  const rows = await seat.db
    .selectFrom('timesheetComments')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('timesheetId', '=', timesheetId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  const people = await loadPeopleByMembership(seat);
  const comments = rows.map((row) => ({
    timeEntryId: row.timeEntryId,
    text: row.text,
    byName: people.get(row.createdBy)?.name ?? '',
    createdAt: row.createdAt,
  }));
  return Map.groupBy(comments, ({ timeEntryId }) => timeEntryId);
}

async function loadEditCounts(
  seat: Seat,
  entries: readonly TimeEntry[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { timeEntryId } of entries) {
    const { count } = await seat.db
      .selectFrom('fieldEdits')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('orgId', '=', seat.record.orgId)
      .where('rowId', '=', timeEntryId)
      .executeTakeFirstOrThrow();
    counts.set(timeEntryId, Number(count));
  }
  return counts;
}
