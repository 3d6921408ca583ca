import { describe, expect, it } from 'vitest';
import { computeDue } from '../../../../src/main/workspace/work/due-calculator.ts';
import { computeDeadlineInstant } from '../../../../src/shared/domain/deadline.ts';

// Zones that change at 2 or 3 in the morning, at midnight either way, by half an hour, on the day before, never,
// and one that once left out a whole day.
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Havana',
  'America/Santiago',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
];

function* listWalls(): Generator<string> {
  const minutes = [
    0, 1, 29, 30, 59, 60, 61, 90, 119, 120, 150, 180, 181, 720, 1379, 1380, 1410, 1439,
  ];
  for (let day = 0; day < 366; day += 1)
    for (const minute of minutes)
      yield new Date(Date.UTC(2026, 0, 1 + day, 0, minute)).toISOString().slice(0, 16);
  yield '2011-12-30T12:00';
}

describe('SY-19 the instant of a deadline in a list', () => {
  it.each(zones)('is that of the rule, on every day of a year in %s', (zone) => {
    const wrong = [...listWalls()].filter(
      (wall) => computeDue({ wall, zone }, []).instant !== computeDeadlineInstant({ wall, zone }),
    );
    expect(wrong).toEqual([]);
  });

  it('has extensions added in wall time, in the order in which they were given', () => {
    const deadline = { wall: '2026-03-28T02:30', zone: 'Europe/Berlin' };
    const extensions = [
      { days: 1, minutes: 0 },
      { days: 0, minutes: 15 },
    ];
    expect(computeDue(deadline, extensions)).toEqual({
      wall: '2026-03-29T02:45',
      baseWall: '2026-03-28T02:30',
      zone: 'Europe/Berlin',
      instant: computeDeadlineInstant(deadline, extensions),
      isExtended: true,
    });
  });

  it('is read as UTC in a zone that this machine does not know yet, and takes no list with it', () => {
    expect(computeDue({ wall: '2026-03-10T17:00', zone: 'Europe/Newtown' }, [])).toMatchObject({
      wall: '2026-03-10T17:00',
      zone: 'Europe/Newtown',
      instant: '2026-03-10T17:00:00.000Z',
    });
  });
});
