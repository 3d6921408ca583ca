import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeDayParts, ZoneDays } from '../../../src/shared/domain/day-parts.ts';
import { computeEpochMs, computeIsoInstant } from '../../../src/shared/ports.ts';

/** Days on which clocks change, or on which the calendar itself jumps, with their length in minutes. */
const changes: readonly [zone: string, date: string, minutes: number][] = [
  ['Europe/Berlin', '2026-03-29', 23 * 60],
  ['Europe/Berlin', '2026-10-25', 25 * 60],
  ['America/New_York', '2026-03-08', 23 * 60],
  ['America/New_York', '2026-11-01', 25 * 60],
  ['Australia/Lord_Howe', '2026-04-05', 24 * 60 + 30],
  ['Australia/Lord_Howe', '2026-10-04', 23 * 60 + 30],
  ['Asia/Kathmandu', '2026-03-29', 24 * 60],
  // The day on which Nepal set its clocks from +05:30 to +05:45: it began at 00:15.
  ['Asia/Kathmandu', '1986-01-01', 24 * 60 - 15],
  ['Africa/Casablanca', '2026-02-15', 25 * 60],
  ['Africa/Casablanca', '2026-03-22', 23 * 60],
  ['Pacific/Apia', '2011-12-29', 24 * 60],
  ['Pacific/Apia', '2011-12-31', 24 * 60],
];

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date of a moment as the platform's own formatter says it, which shares no code with what is tested. */
function computeShownDate(epochMs: number, zone: string): string {
  const known = formats.get(zone);
  const format =
    known ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  formats.set(zone, format);
  return format.format(epochMs);
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

test.each(changes)('%s, %s: a stretch over it gives that day %i minutes', (zone, date, minutes) => {
  const parts = computeDayParts(
    {
      startedAt: `${addDays(date, -3)}T00:00:00.000Z`,
      endedAt: `${addDays(date, 4)}T00:00:00.000Z`,
    },
    zone,
  );
  expect(parts.find((part) => part.date === date)?.ms).toBe(minutes * 60_000);
});

test('30 December 2011 does not exist in Apia: what runs across it belongs to the 29th and the 31st', () => {
  const parts = computeDayParts(
    { startedAt: '2011-12-30T09:00:00.000Z', endedAt: '2011-12-30T11:00:00.000Z' },
    'Pacific/Apia',
  );
  expect(parts.map(({ date, ms }) => [date, ms])).toEqual([
    ['2011-12-29', 3_600_000],
    ['2011-12-31', 3_600_000],
  ]);
});

test('an entry across the hour that comes twice has both of them', () => {
  const parts = computeDayParts(
    // 25 October 2026: 01:30 in summer to 03:30 in winter, three hours by any clock that is not on the wall.
    { startedAt: '2026-10-24T23:30:00.000Z', endedAt: '2026-10-25T02:30:00.000Z' },
    'Europe/Berlin',
  );
  expect(parts.map(({ date, ms }) => [date, ms])).toEqual([['2026-10-25', 3 * 3_600_000]]);
});

test('day parts equal those of a model that asks for the date of each minute, around every change', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...changes),
      fc.integer({ min: -2880, max: 2880 }),
      fc.integer({ min: 0, max: 4000 }),
      ([zone, date], offset, length) => {
        const startMs = Date.parse(`${date}T00:00:00Z`) + offset * 60_000;
        const model = new Map<string, number>();
        for (let minute = 0; minute < length; minute += 1) {
          const shown = computeShownDate(startMs + minute * 60_000, zone);
          model.set(shown, (model.get(shown) ?? 0) + 60_000);
        }
        const stretch = {
          startedAt: computeIsoInstant(startMs),
          endedAt: computeIsoInstant(startMs + length * 60_000),
        };
        const parts = new ZoneDays(zone).split(stretch);
        expect(parts.map((part) => [part.date, part.ms])).toEqual([...model]);
        let atMs = startMs;
        for (const part of parts) {
          expect(computeEpochMs(part.startedAt)).toBe(atMs);
          atMs = computeEpochMs(part.endedAt);
        }
        expect(atMs).toBe(computeEpochMs(stretch.endedAt));
      },
    ),
    { numRuns: 60 },
  );
});
