import { Temporal } from 'temporal-polyfill';
import { ZoneDays } from '../../../shared/domain/day-parts.ts';
import { computeRoundedMs, type Rounding } from '../../../shared/domain/rounding.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { Seat } from '../seats/seat.ts';
import { loadOrganizationName, loadPeopleByMembership } from '../work/people-names.ts';
import { loadTermsThatHold } from '../work/terms-that-hold.ts';

/** What of one time entry lies on one day of its own zone. */
export interface TimesheetLine {
  readonly timeEntryId: string;
  readonly date: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly zone: string;
  readonly ms: number;
  /**
   * As the terms that hold round: the whole entry's length on the line on which it begins, or the whole day's on the last line of
   * that day and engagement; null on the others, so that the column's sum is the rounded total. The exact time where nothing is rounded.
   */
  readonly roundedMs: number | null;
  readonly person: string;
  readonly organization: string;
  readonly project: string;
  readonly task: string;
  readonly source: 'timer' | 'manual';
  readonly note: string;
  readonly createdAt: string;
  /** When the entry was changed last. */
  readonly updatedAt: string;
}

type MutableLine = { -readonly [Key in keyof TimesheetLine]: TimesheetLine[Key] } & {
  readonly engagementId: string;
  readonly rounding: Rounding | null;
  readonly isFirst: boolean;
  readonly entryMs: number;
};

/** An entry in its zone lies within fourteen hours of the same day in UTC; a day more is looked at on either side. */
const marginDays = 2;

/**
 * The lines of whole days, oldest first: entries across midnight stand on both days with what lies on each, and what lies outside
 * of the range is left out, so that sums are those of exactly these days.
 */
export async function loadTimesheetLines(
  seat: Seat,
  wanted: {
    readonly from: string;
    readonly to: string;
    readonly engagementId: string | undefined;
    readonly membershipId: string | undefined;
  },
): Promise<TimesheetLine[]> {
  const from = Temporal.PlainDate.from(wanted.from).subtract({ days: marginDays });
  const to = Temporal.PlainDate.from(wanted.to).add({ days: marginDays });
  let query = seat.db
    .selectFrom('timeEntries')
    .leftJoin('tasks', (join) =>
      join
        .onRef('tasks.orgId', '=', 'timeEntries.orgId')
        .onRef('tasks.id', '=', 'timeEntries.taskId'),
    )
    .leftJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'timeEntries.orgId')
        .onRef('engagements.id', '=', 'timeEntries.engagementId'),
    )
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .select([
      'timeEntries.id',
      'timeEntries.engagementId',
      'timeEntries.membershipId',
      'timeEntries.startedAt',
      'timeEntries.endedAt',
      'timeEntries.zone',
      'timeEntries.source',
      'timeEntries.note',
      'timeEntries.createdAt',
      'timeEntries.updatedAt',
      'tasks.title as taskTitle',
      'projects.title as projectTitle',
      'engagements.invitedName',
    ])
    .where('timeEntries.orgId', '=', seat.record.orgId)
    .where('timeEntries.deletedAt', 'is', null)
    .where('timeEntries.startedAt', '<', `${to.toString()}T23:59:59.999Z`)
    .where('timeEntries.endedAt', '>', `${from.toString()}T00:00:00.000Z`)
    .orderBy('timeEntries.startedAt')
    .orderBy('timeEntries.id');
  if (wanted.engagementId !== undefined)
    query = query.where('timeEntries.engagementId', '=', wanted.engagementId);
  if (wanted.membershipId !== undefined)
    query = query.where('timeEntries.membershipId', '=', wanted.membershipId);
  const rows = await query.execute();
  const findTerms = await loadTermsThatHold(seat, wanted.engagementId);
  const organization = await loadOrganizationName(seat);
  const people = await loadPeopleByMembership(seat);
  const zones = new Map<string, ZoneDays>();
  const lines: MutableLine[] = [];
  for (const row of rows) {
    const days = zones.get(row.zone) ?? new ZoneDays(row.zone);
    zones.set(row.zone, days);
    const rounding = findTerms(row.engagementId)?.rounding ?? null;
    const entryMs = computeEpochMs(row.endedAt) - computeEpochMs(row.startedAt);
    for (const part of days.split(row)) {
      if (part.date < wanted.from || part.date > wanted.to) continue;
      const { date, startedAt, endedAt, ms } = part;
      lines.push({
        timeEntryId: row.id,
        date,
        startedAt,
        endedAt,
        zone: row.zone,
        ms,
        roundedMs: null,
        person: people.get(row.membershipId)?.name ?? row.invitedName ?? '',
        organization,
        project: row.projectTitle ?? '',
        task: row.taskTitle ?? '',
        source: row.source,
        note: row.note,
        createdAt: row.createdAt,
        updatedAt: row.updatedAt,
        engagementId: row.engagementId,
        rounding,
        isFirst: startedAt === row.startedAt,
        entryMs,
      });
    }
  }
  roundLines(lines);
  return lines.map(
    ({ engagementId: _engagement, rounding: _rounding, isFirst: _first, entryMs: _ms, ...line }) =>
      line,
  );
}

function roundLines(lines: readonly MutableLine[]): void {
  const days = new Map<string, { ms: number; last: MutableLine }>();
  for (const line of lines) {
    if (line.rounding === null) line.roundedMs = line.ms;
    else if (line.rounding.per === 'entry') {
      if (line.isFirst) line.roundedMs = computeRoundedMs(line.entryMs, line.rounding);
    } else {
      const key = `${line.engagementId}/${line.date}`;
      days.set(key, { ms: (days.get(key)?.ms ?? 0) + line.ms, last: line });
    }
  }
  for (const { ms, last } of days.values()) last.roundedMs = computeRoundedMs(ms, last.rounding);
}
