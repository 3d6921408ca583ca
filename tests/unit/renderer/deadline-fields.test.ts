import { describe, expect, test } from 'vitest';
import {
  computeEditedDeadline,
  computeWallMinutesBetween,
  findDeadline,
} from '../../../src/renderer/features/projects/deadline-fields.tsx';
import { computeDeadlineInstant } from '../../../src/shared/domain/deadline.ts';

describe('a deadline that is moved', () => {
  const due = { baseWall: '2026-03-27T17:00', wall: '2026-03-29T17:30', zone: 'Europe/Berlin' };

  test('begins with the day that was set, without the extra time', () => {
    const edited = computeEditedDeadline({ wall: due.baseWall, zone: due.zone });
    expect(edited).toEqual({ date: '2026-03-27', time: '17:00', zone: 'Europe/Berlin' });
    expect(findDeadline(edited)).toEqual({ wall: due.baseWall, zone: due.zone });
    expect(findDeadline({ ...edited, time: '' })).toBeUndefined();
  });

  test('SY-19 has its extra time as wall time, whatever the clocks do in between', () => {
    const minutes = computeWallMinutesBetween(due.baseWall, due.wall);
    expect(minutes).toBe(2 * 24 * 60 + 30);
    expect(
      computeDeadlineInstant({ wall: due.baseWall, zone: due.zone }, [{ days: 0, minutes }]),
    ).toBe('2026-03-29T15:30:00.000Z');
  });
});
