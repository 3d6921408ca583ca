import { Temporal } from 'temporal-polyfill';
import type { TimeEntry } from '../../../../shared/contract/shapes.ts';
import { ZoneDays } from '../../../../shared/domain/day-parts.ts';
import {
  computeCoveredSeconds,
  computeWorkedSeconds,
} from '../../../../shared/domain/worked-time.ts';
import { remember } from '../../../format/remember.ts';
import { computeEpochMs, computeIsoInstant } from '../../../../shared/ports.ts';

export const hourMs = 3_600_000;

export interface HourLine {
  /** Time that really passed since the day began. */
  readonly offsetMs: number;
  readonly wallHour: number;
}

/** A day as it really is: with 23 hours or 25 where clocks change, and an hour twice or not at all. */
export interface CalendarDay {
  readonly date: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly lines: readonly HourLine[];
  /** By how much clocks are put forward (or, below zero, back) during the day. */
  readonly clockShiftMs: number;
}

/** Kept, since it takes long and days stay as they are. */
export const computeCalendarDay = remember(
  (date: string, zone: string) => `${zone} ${date}`,
  makeCalendarDay,
);

function makeCalendarDay(date: string, zone: string): CalendarDay {
  const plain = Temporal.PlainDate.from(date);
  const start = plain.toZonedDateTime(zone);
  const end = plain.add({ days: 1 }).toZonedDateTime(zone);
  const lines: HourLine[] = [];
  // Half-hour steps: there are clocks that change by half an hour.
  for (let ms = start.epochMilliseconds; ms < end.epochMilliseconds; ms += hourMs / 2) {
    const wall = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
    if (wall.minute === 0)
      lines.push({ offsetMs: ms - start.epochMilliseconds, wallHour: wall.hour });
  }
  return {
    date,
    startMs: start.epochMilliseconds,
    endMs: end.epochMilliseconds,
    lines,
    clockShiftMs: (end.offsetNanoseconds - start.offsetNanoseconds) / 1e6,
  };
}

/** What of an entry is drawn on one day. */
export interface Block {
  readonly entry: TimeEntry;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Entries that share time stand side by side. */
  readonly lane: number;
  readonly lanes: number;
}

/** The blocks of each day, side by side where they overlap. In the order of their beginnings. */
export function layOutBlocks(
  entries: readonly TimeEntry[],
  days: readonly CalendarDay[],
): ReadonlyMap<string, readonly Block[]> {
  const sorted = entries.toSorted((left, right) =>
    left.startedAt < right.startedAt ? -1 : left.startedAt > right.startedAt ? 1 : 0,
  );
  return new Map(days.map((day) => [day.date, layOutDay(sorted, day)]));
}

function layOutDay(entries: readonly TimeEntry[], { startMs, endMs }: CalendarDay): Block[] {
  const blocks: Block[] = [];
  let group: { entry: TimeEntry; fromMs: number; untilMs: number; lane: number }[] = [];
  let laneEnds: number[] = [];
  const close = () => {
    for (const each of group) blocks.push({ ...each, lanes: laneEnds.length });
    group = [];
    laneEnds = [];
  };
  for (const entry of entries) {
    const fromMs = Math.max(startMs, computeEpochMs(entry.startedAt));
    const untilMs = Math.min(endMs, computeEpochMs(entry.endedAt));
    if (untilMs <= fromMs) continue;
    if (laneEnds.every((end) => end <= fromMs)) close();
    const free = laneEnds.findIndex((end) => end <= fromMs);
    const lane = free === -1 ? laneEnds.length : free;
    laneEnds[lane] = untilMs;
    group.push({ entry, fromMs, untilMs, lane });
  }
  close();
  return blocks;
}

export interface DaySum {
  readonly date: string;
  readonly seconds: number;
  readonly coveredSeconds: number;
}

const getZoneDays = remember(
  (zone: string) => zone,
  (zone) => new ZoneDays(zone),
);

/** What was worked on each of the days; an entry across midnight counts on both with what lies there. */
export function computeDaySums(
  entries: readonly TimeEntry[],
  dates: readonly string[],
  zone: string,
): readonly DaySum[] {
  const days = getZoneDays(zone);
  const parts = Map.groupBy(
    entries.flatMap((entry) => days.split(entry)),
    ({ date }) => date,
  );
  return dates.map((date) => {
    const ofDay = parts.get(date) ?? [];
    return {
      date,
      seconds: computeWorkedSeconds(ofDay),
      coveredSeconds: computeCoveredSeconds(ofDay),
    };
  });
}

/**
 * The entries with what of each lies within the days, so that their sums are those of `computeDaySums`. What lies there
 * whole stays the same object.
 *
 * @param dates days in a row, in order.
 */
export function clipToDays(
  entries: readonly TimeEntry[],
  dates: readonly string[],
  zone: string,
): readonly TimeEntry[] {
  const days = getZoneDays(zone);
  const [from = '', to = ''] = [dates[0], dates.at(-1)];
  return entries.flatMap((entry) => {
    const parts = days.split(entry).filter(({ date }) => date >= from && date <= to);
    const startedAt = parts[0]?.startedAt;
    const endedAt = parts.at(-1)?.endedAt;
    if (startedAt === undefined || endedAt === undefined) return [];
    return startedAt === entry.startedAt && endedAt === entry.endedAt
      ? [entry]
      : [{ ...entry, startedAt, endedAt, seconds: computeWorkedSeconds(parts) }];
  });
}

/** What of an entry lies on one day; the same object where it lies there whole. */
export interface DayPart {
  readonly entry: TimeEntry;
  readonly part: Pick<TimeEntry, 'startedAt' | 'endedAt' | 'seconds'>;
}

/** By date what of each entry lies there, in the order of the entries. */
export function groupByDay(
  entries: readonly TimeEntry[],
  zone: string,
): ReadonlyMap<string, readonly DayPart[]> {
  const days = getZoneDays(zone);
  const byDate = new Map<string, DayPart[]>();
  for (const entry of entries) {
    const parts = days.split(entry);
    for (const { date, startedAt, endedAt } of parts) {
      const seconds = computeWorkedSeconds([{ startedAt, endedAt }]);
      const ofDay = byDate.get(date) ?? [];
      ofDay.push({ entry, part: parts.length === 1 ? entry : { startedAt, endedAt, seconds } });
      byDate.set(date, ofDay);
    }
  }
  return byDate;
}

/** Whether clocks there are changed within: what they show at its ends is farther apart than it is long, or less far. */
export function spansClockChange(
  { startedAt, endedAt }: Pick<TimeEntry, 'startedAt' | 'endedAt'>,
  zone: string,
): boolean {
  const [before, after] = [startedAt, endedAt].map(
    (instant) => Temporal.Instant.from(instant).toZonedDateTimeISO(zone).offsetNanoseconds,
  );
  return before !== after;
}

/** A moment moved by whole days of the calendar: the same time by the clock. */
export function addDaysByClock(instant: string, days: number, zone: string): string {
  return computeIsoInstant(
    Temporal.Instant.from(instant).toZonedDateTimeISO(zone).add({ days }).epochMilliseconds,
  );
}
