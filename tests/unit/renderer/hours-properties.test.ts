import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  computeCalendarDay,
  clipToDays,
  computeDaySums,
  layOutBlocks,
} from '../../../src/renderer/features/hours/calendar/calendar-days.ts';
import { parseTimeInput } from '../../../src/renderer/features/hours/parse-time-input.ts';
import { computeTotals, listWeekDates } from '../../../src/renderer/features/hours/week.ts';
import type { TimeEntry } from '../../../src/shared/contract/shapes.ts';
import { computeCoveredSeconds } from '../../../src/shared/domain/worked-time.ts';
import { computeEpochMs, computeIsoInstant } from '../../../src/shared/ports.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Weeks in which clocks change, by half an hour, for a month of fasting, and by a whole day that never was. */
const weeks = [
  { zone: 'Europe/Berlin', monday: '2026-03-23' },
  { zone: 'America/New_York', monday: '2026-10-26' },
  { zone: 'Australia/Lord_Howe', monday: '2026-03-30' },
  { zone: 'Asia/Kathmandu', monday: '1985-12-30' },
  { zone: 'Africa/Casablanca', monday: '2026-02-09' },
  { zone: 'Pacific/Apia', monday: '2011-12-26' },
] as const;

const pad = (value: number) => String(value).padStart(2, '0');

describe('time as typed', () => {
  it('is read the same however a duration is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 60 }), (minutes) => {
        const hours = Math.floor(minutes / 60);
        const rest = minutes % 60;
        const spellings = [
          `${hours}:${pad(rest)}`,
          `${minutes}m`,
          `${minutes} min`,
          `${hours}h ${rest}m`,
          `${hours}h${pad(rest)}`,
          ...(minutes % 15 === 0 ? [`${minutes / 60}h`, `${minutes / 60}`.replace('.', ',')] : []),
        ];
        for (const spelling of spellings)
          for (const typed of [spelling, ` ${spelling.toUpperCase()} `])
            expect([typed, parseTimeInput(typed)]).toEqual([typed, { kind: 'duration', minutes }]);
      }),
    );
  });

  it('is read the same however two times of the day are written', () => {
    const clock = fc.record({
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
    });
    fc.assert(
      fc.property(clock, clock, (from, to) => {
        const day = ({ hour, minute }: typeof from) => `${pad(hour)}:${pad(minute)}`;
        const halves = ({ hour, minute }: typeof from) =>
          `${hour % 12 === 0 ? 12 : hour % 12}:${pad(minute)}${hour < 12 ? 'am' : 'pm'}`;
        const dotted = ({ hour, minute }: typeof from) => `${hour}.${pad(minute)}`;
        const expected = { kind: 'range', start: day(from), end: day(to) };
        for (const write of [day, halves, dotted])
          for (const between of ['-', ' – ', ' to '])
            expect(parseTimeInput(`${write(from)}${between}${write(to)}`)).toEqual(expected);
      }),
    );
  });

  it('is a problem in words where it is neither, and never a wrong time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (typed) => {
        const read = parseTimeInput(typed);
        if (read.kind === 'problem') expect(read.message.length).toBeGreaterThan(10);
        else if (read.kind === 'duration') expect(read.minutes).toBeGreaterThanOrEqual(1);
        else
          for (const time of [read.start, read.end])
            expect(time).toMatch(/^(?:[01]\d|2[0-3]):[0-5]\d$/u);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Stretches within a week and around it, many of which share time. */
const stretches = (fromMs: number) =>
  fc
    .array(
      fc.tuple(
        fc.integer({ min: -24 * 60, max: 8 * 24 * 60 }),
        fc.integer({ min: 1, max: 30 * 60 }),
      ),
      { maxLength: 25 },
    )
    .map((pairs) =>
      pairs.map(
        ([startMinutes, lengthMinutes], index) =>
          ({
            timeEntryId: String(index),
            startedAt: computeIsoInstant(fromMs + startMinutes * minuteMs),
            endedAt: computeIsoInstant(fromMs + (startMinutes + lengthMinutes) * minuteMs),
            seconds: lengthMinutes * 60,
          }) as TimeEntry,
      ),
    );

const getSeconds = ({ seconds, startedAt, endedAt }: TimeEntry): number => {
  const exact = (computeEpochMs(endedAt) - computeEpochMs(startedAt)) / 1000;
  expect(seconds).toBe(exact);
  return exact;
};

describe.each(weeks)('the calendar of $zone in the week of $monday', ({ zone, monday }) => {
  const dates = listWeekDates(monday);
  const days = dates.map((date) => computeCalendarDay(date, zone));
  const weekStartMs = days[0]?.startMs ?? 0;
  const weekEndMs = days.at(-1)?.endMs ?? 0;

  it('has days that follow each other without a gap, whatever their length', () => {
    for (const [index, day] of days.entries()) {
      expect(day.endMs).toBe(days[index + 1]?.startMs ?? day.endMs);
      expect(day.lines.every(({ offsetMs }) => offsetMs < day.endMs - day.startMs)).toBe(true);
    }
    // Kathmandu put its clocks forward at midnight, so that the day after is the one that is short.
    expect(days.some(({ startMs, endMs }) => endMs - startMs !== 24 * hourMs)).toBe(true);
  });

  it('loses no time of an entry, and draws no two that share time over each other', () => {
    fc.assert(
      fc.property(stretches(weekStartMs), (entries) => {
        const blocks = layOutBlocks(entries, days);
        for (const entry of entries) {
          const shown = [...blocks.values()]
            .flat()
            .filter((block) => block.entry.timeEntryId === entry.timeEntryId)
            .reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
          const inside =
            Math.min(weekEndMs, computeEpochMs(entry.endedAt)) -
            Math.max(weekStartMs, computeEpochMs(entry.startedAt));
          expect(shown).toBe(Math.max(0, inside));
        }
        for (const ofDay of blocks.values())
          for (const [index, left] of ofDay.entries()) {
            expect(left.lane).toBeLessThan(left.lanes);
            for (const right of ofDay.slice(index + 1)) {
              if (left.fromMs >= right.untilMs || right.fromMs >= left.untilMs) continue;
              expect(left.lane).not.toBe(right.lane);
              expect(left.lanes).toBe(right.lanes);
            }
          }
      }),
      { numRuns: 60 },
    );
  });

  it('adds up: the days are as long together as the stretches, and without overlaps never longer', () => {
    fc.assert(
      fc.property(stretches(weekStartMs), (entries) => {
        const inside = entries.filter(
          ({ startedAt, endedAt }) =>
            computeEpochMs(startedAt) >= weekStartMs && computeEpochMs(endedAt) <= weekEndMs,
        );
        const sums = computeDaySums(inside, dates, zone);
        const whole = inside.reduce(
          (sum, { startedAt, endedAt }) =>
            sum + (computeEpochMs(endedAt) - computeEpochMs(startedAt)) / 1000,
          0,
        );
        expect(sums.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(whole);
        for (const [index, { seconds, coveredSeconds }] of sums.entries()) {
          const day = days[index];
          expect(coveredSeconds).toBeLessThanOrEqual(seconds);
          expect(coveredSeconds * 1000).toBeLessThanOrEqual(
            (day?.endMs ?? 0) - (day?.startMs ?? 0),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('sums by task what it sums by day, of entries across the midnight at either end, too', () => {
    fc.assert(
      fc.property(stretches(weekStartMs), (entries) => {
        const clipped = clipToDays(entries, dates, zone);
        const { total, covered } = computeTotals(computeDaySums(entries, dates, zone));
        expect(clipped.reduce((sum, entry) => sum + getSeconds(entry), 0)).toBe(total);
        expect(computeCoveredSeconds(clipped)).toBe(covered);
      }),
      { numRuns: 60 },
    );
  });
});
