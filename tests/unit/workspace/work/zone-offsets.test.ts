import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { ZoneOffsets } from '../../../../src/main/workspace/work/zone-offsets.ts';
import { computeDeadlineInstant } from '../../../../src/shared/domain/deadline.ts';

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'UTC',
];

/** Every so many hours from 2009 on, so that each hour of the day and each change of clocks is met. */
function* listWalls(): Generator<string> {
  const stepHours = 37;
  const days = 22 * 365;
  let wall = Temporal.PlainDateTime.from('2009-01-01T00:30');
  for (let hours = 0; hours < days * 24; hours += stepHours) {
    yield wall.toString({ smallestUnit: 'minute' });
    wall = wall.add({ hours: stepHours });
  }
}

describe('instants of wall times by addition', () => {
  it.each(zones)('SY-19 are those of the calendar in %s, wherever one is given', (zone) => {
    const offsets = new ZoneOffsets();
    let given = 0;
    let total = 0;
    for (const wall of listWalls()) {
      total += 1;
      const instant = offsets.findInstant(wall, zone);
      if (instant === undefined) continue;
      given += 1;
      if (instant !== computeDeadlineInstant({ wall, zone }))
        expect.fail(`${wall} in ${zone}: found ${instant}`);
    }
    expect(given / total).toBeGreaterThan(0.9);
  });

  it('SY-19 are left to the calendar on the days around a change of clocks', () => {
    const offsets = new ZoneOffsets();
    expect(offsets.findInstant('2026-03-29T02:30', 'Europe/Berlin')).toBeUndefined();
    expect(offsets.findInstant('2026-10-25T02:30', 'Europe/Berlin')).toBeUndefined();
    expect(offsets.findInstant('2026-07-01T17:00', 'Europe/Berlin')).toBe(
      '2026-07-01T15:00:00.000Z',
    );
  });

  it('do not depend on what was asked before', () => {
    const asked = ['2026-10-20T12:00', '2026-11-02T12:00', '2026-10-22T12:00'];
    const one = new ZoneOffsets();
    const zone = 'America/New_York';
    for (const wall of asked)
      expect(one.findInstant(wall, zone)).toBe(new ZoneOffsets().findInstant(wall, zone));
  });
});
