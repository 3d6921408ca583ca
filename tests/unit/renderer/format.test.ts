import { describe, expect, test } from 'vitest';
import {
  formatDate,
  formatDateTime,
  formatDay,
  formatEnd,
  formatRelative,
  formatTime,
  formatZoneCity,
} from '../../../src/renderer/format/date-time.ts';
import { formatClock, formatDuration } from '../../../src/renderer/format/duration.ts';
import { formatMoney } from '../../../src/renderer/format/money.ts';
import { formatBytes, formatPercent, formatPlural } from '../../../src/renderer/format/numbers.ts';

const minuteMs = 60_000;

describe('durations', () => {
  test('leave out what is nought', () => {
    expect(formatDuration(205 * minuteMs)).toMatch(/3\s?h.*25\s?m/u);
    expect(formatDuration(120 * minuteMs)).not.toMatch(/m/u);
    expect(formatDuration(0)).toMatch(/^0\s?m/u);
  });

  test('say seconds below a minute, so that a short entry does not look like nothing', () => {
    expect(formatDuration(8_000)).toMatch(/^8\s?s/u);
    expect(formatDuration(59_600)).toMatch(/^1\s?m/u);
  });

  test('round to the minute, so that 59 min 40 s is an hour', () => {
    expect(formatDuration(59 * minuteMs + 40_000)).toBe(formatDuration(60 * minuteMs));
  });

  test('mark what is less than nothing', () => {
    expect(formatDuration(-30 * minuteMs)).toMatch(/^−30/u);
  });

  test('run as a clock', () => {
    expect(formatClock(3_849_999)).toBe('1:04:09');
    expect(formatClock(-5)).toBe('0:00:00');
  });
});

describe('amounts', () => {
  test('reach 100 % only when all is there', () => {
    expect(formatPercent(0.9999)).toMatch(/99/u);
    expect(formatPercent(1)).toMatch(/100/u);
  });

  test('count bytes in decimal units', () => {
    expect(formatBytes(0)).toMatch(/^0/u);
    expect(formatBytes(999)).toMatch(/999/u);
    expect(formatBytes(2_100_000_000)).toMatch(/2[.,]1\s?GB/u);
  });

  test('agree with their noun', () => {
    expect(formatPlural(1, 'change', 'changes')).toBe('1 change');
    expect(formatPlural(14, 'change', 'changes')).toBe('14 changes');
  });

  test("count money in the currency's own smallest unit", () => {
    expect(formatMoney(60_000, 'EUR')).toMatch(/600(?![.,]0)/u);
    expect(formatMoney(60_050, 'EUR')).toMatch(/600[.,]50/u);
    expect(formatMoney(600, 'JPY')).toMatch(/600/u);
  });
});

describe('instants', () => {
  test('say the day of an end that is not the day of the beginning, as clocks there show it', () => {
    const end = '2026-03-10T23:15:00.000Z';
    const evening = '2026-03-10T21:30:00.000Z';
    expect(formatEnd(evening, end, 'UTC')).toBe(formatTime(end, 'UTC'));
    expect(formatEnd(evening, end, 'Europe/Berlin')).toBe(formatDateTime(end, 'Europe/Berlin'));
    expect(formatEnd('2026-03-09T22:30:00.000Z', end, 'UTC')).toBe(formatDateTime(end, 'UTC'));
  });

  test('are so many days away as the calendar says', () => {
    const nowMs = Date.parse('2026-11-23T03:28:00Z');
    const inDays = (days: number) =>
      new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(days, 'day');
    expect(formatRelative('2026-11-25T16:00:00Z', nowMs, 'UTC')).toBe(inDays(2));
    expect(formatRelative('2026-11-30T16:00:00Z', nowMs, 'UTC')).toBe(inDays(7));
    expect(formatRelative('2026-11-20T23:00:00Z', nowMs, 'UTC')).toBe(inDays(-3));
  });

  test('are shown in the zone that is asked for, across midnight', () => {
    const instant = '2026-11-27T22:00:00.000Z';
    expect(formatDateTime(instant, 'America/New_York')).toMatch(/27/u);
    expect(formatDateTime(instant, 'Asia/Tokyo')).toMatch(/28/u);
  });

  test('are shown in UTC where the browser does not know a zone yet, instead of losing the whole screen', () => {
    for (const format of [formatTime, formatDate, formatDateTime, formatDay])
      expect(format('2026-03-01T09:30:00.000Z', 'Mars/Olympus_Mons')).toBe(
        format('2026-03-01T09:30:00.000Z', 'UTC'),
      );
    expect(formatEnd(0, minuteMs, 'Mars/Olympus_Mons')).toBe(formatEnd(0, minuteMs, 'UTC'));
  });

  test('name a zone by its city', () => {
    expect(formatZoneCity('America/New_York')).toBe('New York');
    expect(formatZoneCity('UTC')).toBe('UTC');
  });

  test('a city is called what it is called now, whichever name of its zone the browser knows', () => {
    expect(formatZoneCity('Asia/Calcutta')).toBe('Kolkata');
    for (const [old, now] of [
      ['Asia/Calcutta', 'Asia/Kolkata'],
      ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
      ['Europe/Kiev', 'Europe/Kyiv'],
    ] as const)
      expect(formatZoneCity(old)).toBe(formatZoneCity(now));
  });
});
