import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { computeDue } from '../../../src/main/workspace/work/due-calculator.ts';
import {
  computeDeadlineInstant,
  computeExtendedWall,
  computeLaterInstant,
} from '../../../src/shared/domain/deadline.ts';
import { timeZoneSchema } from '../../../src/shared/domain/fields.ts';

const day = { days: 1, minutes: 0 };

describe('SY-19 a deadline whose wall time', () => {
  test.each([
    // Skipped: as long after the gap as it would have been before it.
    ['is skipped in spring', '2026-03-29T02:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['is skipped at its last', '2026-03-29T02:59', 'Europe/Berlin', '2026-03-29T01:59:00.000Z'],
    ['comes just before the gap', '2026-03-29T01:59', 'Europe/Berlin', '2026-03-29T00:59:00.000Z'],
    ['comes just after the gap', '2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    [
      'is skipped across an ocean',
      '2026-03-08T02:30',
      'America/New_York',
      '2026-03-08T07:30:00.000Z',
    ],
    ['is skipped at midnight', '2026-04-24T00:30', 'Africa/Cairo', '2026-04-23T22:30:00.000Z'],
    // Twice: the second time.
    ['occurs twice in autumn', '2026-10-25T02:00', 'Europe/Berlin', '2026-10-25T01:00:00.000Z'],
    ['occurs twice, at its last', '2026-10-25T02:59', 'Europe/Berlin', '2026-10-25T01:59:00.000Z'],
    ['comes just before it', '2026-10-25T01:59', 'Europe/Berlin', '2026-10-24T23:59:00.000Z'],
    ['comes just after it', '2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
    ['occurs twice elsewhere', '2026-11-01T01:30', 'America/New_York', '2026-11-01T06:30:00.000Z'],
    // Offsets of half and quarter hours.
    ['is half an hour off', '2026-06-01T17:00', 'Asia/Kolkata', '2026-06-01T11:30:00.000Z'],
    ['is three quarters off', '2026-06-01T17:00', 'Asia/Kathmandu', '2026-06-01T11:15:00.000Z'],
    [
      'is half an hour off, in summer',
      '2026-07-01T17:00',
      'America/St_Johns',
      '2026-07-01T19:30:00.000Z',
    ],
    [
      'is three quarters off, with summer time',
      '2026-01-15T17:00',
      'Pacific/Chatham',
      '2026-01-15T03:15:00.000Z',
    ],
    // Lord Howe moves its clocks by half an hour.
    [
      'is skipped by half an hour',
      '2026-10-04T02:15',
      'Australia/Lord_Howe',
      '2026-10-03T15:45:00.000Z',
    ],
    [
      'comes after half an hour’s gap',
      '2026-10-04T02:30',
      'Australia/Lord_Howe',
      '2026-10-03T15:30:00.000Z',
    ],
    [
      'occurs twice for half an hour',
      '2026-04-05T01:45',
      'Australia/Lord_Howe',
      '2026-04-04T15:15:00.000Z',
    ],
    // Samoa went over the date line, and had no 30 December 2011.
    ['is on a day that never was', '2011-12-30T17:00', 'Pacific/Apia', '2011-12-31T03:00:00.000Z'],
    ['is on the day before it', '2011-12-29T23:59', 'Pacific/Apia', '2011-12-30T09:59:00.000Z'],
    ['is on the day after it', '2011-12-31T00:00', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    [
      'is on another day that never was',
      '2012-01-01T00:00',
      'Pacific/Fakaofo',
      '2011-12-31T11:00:00.000Z',
    ],
    // Ramadan: Morocco goes back for a month.
    [
      'falls into a month of other time',
      '2026-02-20T17:00',
      'Africa/Casablanca',
      '2026-02-20T17:00:00.000Z',
    ],
    ['is on a leap day', '2028-02-29T23:59', 'Europe/Lisbon', '2028-02-29T23:59:00.000Z'],
  ])('%s means the right instant, here and in lists', (_case, wall, zone, instant) => {
    expect(computeDeadlineInstant({ wall, zone })).toBe(instant);
    expect(computeDue({ wall, zone }, [])).toMatchObject({ wall, zone, instant });
  });
});

describe('SY-19 extra time across a change of clocks', () => {
  test.each([
    ['into summer time', '2026-03-28T17:00', 'Europe/Berlin', '2026-03-29T17:00', 23],
    ['into winter time', '2026-10-24T17:00', 'Europe/Berlin', '2026-10-25T17:00', 25],
    ['by half an hour', '2026-10-03T17:00', 'Australia/Lord_Howe', '2026-10-04T17:00', 23.5],
    ['by half an hour, back', '2026-04-04T17:00', 'Australia/Lord_Howe', '2026-04-05T17:00', 24.5],
    ['over a day that never was', '2011-12-29T17:00', 'Pacific/Apia', '2011-12-30T17:00', 24],
    ['with no change at all', '2026-06-01T17:00', 'Asia/Kathmandu', '2026-06-02T17:00', 24],
  ])('%s is the same hour of the next day', (_case, wall, zone, later, hours) => {
    expect(computeExtendedWall({ wall }, [day])).toBe(later);
    const before = Date.parse(computeDeadlineInstant({ wall, zone }));
    const after = Date.parse(computeDeadlineInstant({ wall, zone }, [day]));
    expect((after - before) / 3_600_000).toBe(hours);
    expect(computeDue({ wall, zone }, [day])).toMatchObject({
      baseWall: wall,
      wall: later,
      isExtended: true,
    });
  });

  test('that ends inside the gap counts from where the wall clock would have stood', () => {
    const deadline = { wall: '2026-03-28T02:30', zone: 'Europe/Berlin' };
    expect(computeDeadlineInstant(deadline, [day])).toBe('2026-03-29T01:30:00.000Z');
    // Two days are not one day and what became of it, but two days on the wall.
    expect(computeDeadlineInstant(deadline, [day, day])).toBe('2026-03-30T00:30:00.000Z');
  });

  test('in minutes is read off the wall as well', () => {
    // 90 minutes after 01:30 the wall says 03:00, whether an hour was skipped in between or not.
    const deadline = { wall: '2026-03-29T01:30', zone: 'Europe/Berlin' };
    expect(computeDeadlineInstant(deadline, [{ days: 0, minutes: 90 }])).toBe(
      '2026-03-29T01:00:00.000Z',
    );
  });

  test('goes over the ends of months and years', () => {
    expect(computeExtendedWall({ wall: '2026-12-31T23:30' }, [{ days: 0, minutes: 45 }])).toBe(
      '2027-01-01T00:15',
    );
    expect(computeExtendedWall({ wall: '2028-02-28T12:00' }, [day])).toBe('2028-02-29T12:00');
  });
});

describe('SY-19 zones that were renamed', () => {
  test.each([
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Asia/Katmandu', 'Asia/Kathmandu'],
    ['America/Godthab', 'America/Nuuk'],
    ['Asia/Rangoon', 'Asia/Yangon'],
    ['Pacific/Enderbury', 'Pacific/Kanton'],
    ['US/Pacific', 'America/Los_Angeles'],
  ])('%s is taken under both names, and means what %s means', (former, present) => {
    for (const zone of [former, present]) expect(timeZoneSchema.safeParse(zone).success).toBe(true);
    for (const wall of ['2026-01-15T17:00', '2026-03-29T03:30', '2026-07-15T17:00'])
      expect(computeDeadlineInstant({ wall, zone: former })).toBe(
        computeDeadlineInstant({ wall, zone: present }),
      );
  });

  test('a zone that this computer does not know yet loses no list, and is refused where it is set', () => {
    const deadline = { wall: '2026-06-01T17:00', zone: 'Mars/Olympus_Mons' };
    expect(timeZoneSchema.safeParse(deadline.zone).success).toBe(false);
    expect(computeDue(deadline, [])).toMatchObject({
      zone: deadline.zone,
      instant: '2026-06-01T17:00:00.000Z',
    });
  });
});

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kolkata',
  'UTC',
] as const;

const anyDeadline = fc.record({
  zone: fc.constantFrom(...zones),
  wall: fc
    .integer({
      min: Date.parse('2010-01-01T00:00Z') / 60_000,
      max: Date.parse('2037-12-31T00:00Z') / 60_000,
    })
    .map((minute) => new Date(minute * 60_000).toISOString().slice(0, 16)),
});

test('SY-19 nobody who could read the clock as being in time is late', () => {
  fc.assert(
    fc.property(anyDeadline, fc.integer({ min: 1, max: 1500 }), ({ wall, zone }, minutes) => {
      const passed = Temporal.Instant.from(computeDeadlineInstant({ wall, zone }));
      const later = passed.add({ minutes }).toZonedDateTimeISO(zone).toPlainDateTime();
      expect(Temporal.PlainDateTime.compare(later, wall)).toBeGreaterThan(0);
    }),
    { numRuns: 2000 },
  );
});

test('SY-19 lists and the server agree on every instant, and extra time never brings a deadline forward', () => {
  const extra = fc.array(
    fc.record({
      days: fc.integer({ min: 0, max: 40 }),
      minutes: fc.integer({ min: 0, max: 1439 }),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(anyDeadline, extra, (deadline, extensions) => {
      const instant = computeDeadlineInstant(deadline, extensions);
      expect(computeDue(deadline, extensions).instant).toBe(instant);
      expect(computeLaterInstant(computeDeadlineInstant(deadline), instant)).toBe(instant);
      expect(computeDeadlineInstant(deadline, extensions.toReversed())).toBe(instant);
    }),
    { numRuns: 1000 },
  );
});
