import { expect, test } from 'vitest';
import { computeDue } from '../../../src/main/workspace/work/due-calculator.ts';
import {
  computeDeadlineInstant,
  computeExtendedWall,
  isAfterDeadline,
} from '../../../src/shared/domain/deadline.ts';
import { instantSchema, wallTimeSchema } from '../../../src/shared/domain/fields.ts';

test.each([
  ['an ordinary day in winter', '2026-01-15T17:00', 'Europe/Berlin', '2026-01-15T16:00:00.000Z'],
  ['an ordinary day in summer', '2026-07-15T17:00', 'Europe/Berlin', '2026-07-15T15:00:00.000Z'],
  ['a wall time that is skipped', '2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  [
    'a wall time that occurs twice',
    '2026-10-25T02:30',
    'Europe/Berlin',
    '2026-10-25T01:30:00.000Z',
  ],
  ['a half-hour change', '2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T15:15:00.000Z'],
  ['a zone off by a quarter', '2026-05-01T12:00', 'Asia/Kathmandu', '2026-05-01T06:15:00.000Z'],
  ['a day that did not exist', '2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z'],
])('SY-19 the deadline on %s is the right instant', (_case, wall, zone, instant) => {
  expect(computeDeadlineInstant({ wall, zone })).toBe(instant);
});

test.each([
  ['America/Los_Angeles', []],
  ['Europe/Berlin', [{ days: 1, minutes: 0 }]],
])(
  'SY-19 a deadline at the end of the years that can be written is in none behind them (%s)',
  (zone, extensions) => {
    const deadline = { wall: '9999-12-31T17:00', zone };
    const instant = computeDeadlineInstant(deadline, extensions);
    expect(instantSchema.safeParse(instant).success).toBe(true);
    expect(instant > '9999-12-31T00:00:00.000Z').toBe(true);
    expect(wallTimeSchema.safeParse(computeExtendedWall(deadline, extensions)).success).toBe(true);
    expect(computeDue(deadline, extensions).instant).toBe(instant);
  },
);

test('SY-19 an extension by a day is the same hour of the next day, across a clock change', () => {
  const deadline = { wall: '2026-03-28T17:00', zone: 'Europe/Berlin' };
  expect(computeDeadlineInstant(deadline)).toBe('2026-03-28T16:00:00.000Z');
  expect(computeDeadlineInstant(deadline, [{ days: 1, minutes: 0 }])).toBe(
    '2026-03-29T15:00:00.000Z',
  );
  expect(
    computeDeadlineInstant(deadline, [
      { days: 1, minutes: 0 },
      { days: 0, minutes: 90 },
    ]),
  ).toBe('2026-03-29T16:30:00.000Z');
});

test('the moment of the deadline itself is in time', () => {
  const instant = '2026-03-28T16:00:00.000Z';
  expect(isAfterDeadline(instant, instant)).toBe(false);
  expect(isAfterDeadline('2026-03-28T16:00:00.001Z', instant)).toBe(true);
});
