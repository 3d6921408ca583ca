import type { Transaction } from 'kysely';
import { ZoneDays } from '../../../shared/domain/day-parts.ts';
import { computeRoundedMs, type Rounding } from '../../../shared/domain/rounding.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import type { Turns } from '../sync/turns.ts';
import { loadOrganizationName, loadPeopleByMembership } from '../work/people-names.ts';
import { loadTermsThatHold } from '../work/terms-that-hold.ts';
import { loadLongestSeconds } from '../work/worked-hours.ts';

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
const dayMs = 86_400_000;

interface WantedLines {
  readonly from: string;
  readonly to: string;
  readonly engagementId: string | undefined;
  readonly membershipId: string | undefined;
}

/** Which entries it is about is read at once, so that none that is changed meanwhile is left out or found twice. */
const entriesAtOnce = 500;

/** So many days are looked through at once. */
const daysAtOnce = 14;

/** The ids of the entries around these days, oldest first. */
async function listEntryIds(
  seat: Seat,
  wanted: WantedLines,
  turns: Turns,
): Promise<readonly string[]> {
  const firstMs = computeEpochMs(`${wanted.from}T00:00:00.000Z`) - marginDays * dayMs;
  const lastMs = computeEpochMs(`${wanted.to}T23:59:59.999Z`) + marginDays * dayMs;
  // What reaches into the first day began at most so long before.
  const longestMs = (await loadLongestSeconds(seat)) * 1000;
  const ids: string[] = [];
  await seat.db.transaction().execute(async (tx) => {
    const range = await loadRange(tx, seat.record.orgId);
    const untilMs = Math.min(lastMs, range.newestMs + 1);
    const beginMs = Math.max(firstMs - longestMs, range.oldestMs);
    for (let fromMs = beginMs; fromMs < untilMs; fromMs += daysAtOnce * dayMs) {
      let query = tx
        .selectFrom('timeEntries')
        .select('id')
        .where('orgId', '=', seat.record.orgId)
        .where('deletedAt', 'is', null)
        .where('startedAt', '>=', computeIsoInstant(fromMs))
        .where('startedAt', '<', computeIsoInstant(Math.min(untilMs, fromMs + daysAtOnce * dayMs)))
        .where('endedAt', '>', computeIsoInstant(firstMs))
        .orderBy('startedAt')
        .orderBy('id');
      if (wanted.engagementId !== undefined)
        query = query.where('engagementId', '=', wanted.engagementId);
      if (wanted.membershipId !== undefined)
        query = query.where('membershipId', '=', wanted.membershipId);
      for (const { id } of await query.execute()) ids.push(id);
      await turns.pass();
    }
  });
  return ids;
}

/** When the oldest and the newest entry begin; a range without any moment where there is none. */
async function loadRange(
  tx: Transaction<SeatDatabase>,
  orgId: string,
): Promise<{ readonly oldestMs: number; readonly newestMs: number }> {
  const load = async (order: 'asc' | 'desc') => {
    const row = await tx
      .selectFrom('timeEntries')
      .select('startedAt')
      .where('orgId', '=', orgId)
      .orderBy('startedAt', order)
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? undefined : computeEpochMs(row.startedAt);
  };
  return { oldestMs: (await load('asc')) ?? 0, newestMs: (await load('desc')) ?? -1 };
}

/** Those of the entries that are there still, oldest first. */
function loadEntries(seat: Seat, ids: readonly string[]) {
  return seat.db
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
    .where('timeEntries.id', 'in', ids)
    .orderBy('timeEntries.startedAt')
    .orderBy('timeEntries.id')
    .execute();
}

/**
 * The lines of whole days, oldest first: entries across midnight stand on both days with what lies on each, and what lies outside
 * of the range is left out, so that sums are those of exactly these days.
 */
export async function loadTimesheetLines(
  seat: Seat,
  wanted: WantedLines,
  turns: Turns,
): Promise<TimesheetLine[]> {
  const findTerms = await loadTermsThatHold(seat, wanted.engagementId);
  const organization = await loadOrganizationName(seat);
  const people = await loadPeopleByMembership(seat);
  const zones = new Map<string, ZoneDays>();
  const lines: MutableLine[] = [];
  const ids = await listEntryIds(seat, wanted, turns);
  for (let first = 0; first < ids.length; first += entriesAtOnce) {
    await turns.pass();
    const rows = await loadEntries(seat, ids.slice(first, first + entriesAtOnce));
    for (const row of rows) {
      await turns.pass();
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
  }
  roundLines(lines);
  await turns.pass();
  return lines;
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
