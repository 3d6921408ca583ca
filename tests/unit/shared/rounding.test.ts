import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  computeRoundedMs,
  computeRoundedSeconds,
  computeRounding,
  computeRoundingColumns,
  type Rounding,
} from '../../../src/shared/domain/rounding.ts';
import { computeWorkedSeconds } from '../../../src/shared/domain/worked-time.ts';

const minutes = (count: number) => count * 60_000;
const entry = (startedAt: string, endedAt: string, zone = 'Europe/Berlin') => ({
  startedAt: `2026-03-${startedAt}:00.000Z`,
  endedAt: `2026-03-${endedAt}:00.000Z`,
  zone,
});

test.each([
  [6, 'up', 61, 66],
  [6, 'nearest', 62, 60],
  [6, 'nearest', 63, 66],
  [15, 'up', 1, 15],
  [15, 'up', 60, 60],
  [10, 'nearest', 4, 0],
  [5, 'nearest', 2.5, 5],
] as const)('%i minutes, %s: %f minutes become %i', (unit, mode, exact, rounded) => {
  expect(computeRoundedMs(minutes(exact), { minutes: unit, mode, per: 'entry' })).toBe(
    minutes(rounded),
  );
});

test('without rounding the exact seconds stand', () => {
  const entries = [entry('02T09:00', '02T09:07'), entry('02T10:00', '02T10:01')];
  expect(computeRoundedSeconds(entries, null)).toBe(computeWorkedSeconds(entries));
});

test('by entry each is rounded by itself; by day their sum is, once for each day', () => {
  const entries = [
    entry('02T09:00', '02T09:07'),
    entry('02T10:00', '02T10:07'),
    entry('03T09:00', '03T09:01'),
  ];
  const rounding = { minutes: 15, mode: 'up' } as const;
  expect(computeRoundedSeconds(entries, { ...rounding, per: 'entry' })).toBe(45 * 60);
  expect(computeRoundedSeconds(entries, { ...rounding, per: 'day' })).toBe(30 * 60);
});

test('an entry across midnight is rounded on both days, by the calendar of its own zone', () => {
  // 22:55 to 23:10 UTC: midnight in Berlin, still the evening in Lisbon.
  const rounding: Rounding = { minutes: 10, mode: 'up', per: 'day' };
  expect(computeRoundedSeconds([entry('02T22:55', '02T23:10')], rounding)).toBe(20 * 60);
  expect(computeRoundedSeconds([entry('02T22:55', '02T23:10', 'Europe/Lisbon')], rounding)).toBe(
    20 * 60,
  );
  expect(computeRoundedSeconds([entry('02T22:55', '02T23:15')], rounding)).toBe(30 * 60);
  expect(computeRoundedSeconds([entry('02T22:55', '02T23:15', 'Europe/Lisbon')], rounding)).toBe(
    20 * 60,
  );
});

const rounding = fc.record({
  minutes: fc.constantFrom(5, 6, 10, 15),
  mode: fc.constantFrom('up', 'nearest'),
  per: fc.constantFrom('entry', 'day'),
}) as fc.Arbitrary<Rounding>;

test('a rounded length is a multiple, never further than a unit (half of one) from the exact one, and up is never less', () => {
  fc.assert(
    fc.property(rounding, fc.integer({ min: 0, max: 90_000_000 }), (terms, exactMs) => {
      const rounded = computeRoundedMs(exactMs, terms);
      const unit = terms.minutes * 60_000;
      expect(rounded % unit).toBe(0);
      expect(Math.abs(rounded - exactMs)).toBeLessThanOrEqual(
        terms.mode === 'up' ? unit - 1 : unit / 2,
      );
      if (terms.mode === 'up') expect(rounded).toBeGreaterThanOrEqual(exactMs);
    }),
  );
});

test('columns give the terms back; what is missing or unknown means no rounding', () => {
  fc.assert(
    fc.property(rounding, (terms) => {
      expect(computeRounding(computeRoundingColumns(terms))).toEqual(terms);
    }),
  );
  expect(computeRounding(computeRoundingColumns(null))).toBeNull();
  expect(
    computeRounding({ roundingMinutes: 7, roundingMode: 'up', roundingPer: 'day' }),
  ).toBeNull();
});
