import { describe, expect, test } from 'vitest';
import {
  computeSurplus,
  type DatedCopy,
} from '../../../../src/main/workspace/backup/kept-copies.ts';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-01-01T00:00:00.000Z');

/** One copy an hour, from the first of January on. */
function makeHours(count: number, firstNumber = 1): DatedCopy[] {
  return Array.from({ length: count }, (_value, index) => ({
    number: firstNumber + index,
    createdAt: new Date(startMs + index * hourMs).toISOString(),
    reason: 'hourly' as const,
  }));
}

const keep = (copies: readonly DatedCopy[], nowMs: number): DatedCopy[] => {
  const surplus = new Set(computeSurplus(copies, nowMs));
  return copies.filter((copy) => !surplus.has(copy));
};

describe('the copies that are kept', () => {
  test('are the newest 24, and the newest of each of 21 days', () => {
    const copies = makeHours(24 * 40);
    const kept = keep(copies, startMs + 40 * 24 * hourMs);
    expect(kept.slice(-24)).toEqual(copies.slice(-24));
    expect(kept).toHaveLength(24 + 20);
    const days = new Set(kept.map(({ createdAt }) => createdAt.slice(0, 10)));
    expect(days.size).toBe(21);
    expect(kept.slice(0, 20).every(({ createdAt }) => createdAt.slice(11, 13) === '23')).toBe(true);
  });

  test('are all of them while there are few, however old they are', () => {
    const copies = makeHours(20);
    expect(keep(copies, startMs + 5 * 365 * 24 * hourMs)).toEqual(copies);
  });

  test('hold a whole one of each day: one that is damaged is kept beside it, and takes no place', () => {
    const copies = makeHours(24 * 40).map((copy) =>
      copy.createdAt.endsWith('T23:00:00.000Z') ? { ...copy, isDamaged: true } : copy,
    );
    const kept = keep(copies, startMs + 40 * 24 * hourMs);
    const hoursOf = (day: string) =>
      kept
        .filter(({ createdAt }) => createdAt.startsWith(day))
        .map(({ createdAt }) => createdAt.slice(11, 13));
    expect(hoursOf('2026-01-30')).toEqual(['22', '23']);
    const whole = kept.filter(({ isDamaged }) => isDamaged !== true);
    expect(new Set(whole.map(({ createdAt }) => createdAt.slice(0, 10))).size).toBe(21);
  });

  test('SY-17 go by the order in which they were made, so a clock that ran years ahead takes none', () => {
    const before = makeHours(30);
    const ahead = { number: 31, createdAt: '2099-01-01T00:00:00.000Z', reason: 'hourly' as const };
    const after = makeHours(23, 32);
    const kept = keep([...before, ahead, ...after], startMs);
    expect(kept).toContain(ahead);
    expect(kept.filter(({ number }) => number > 31)).toHaveLength(23);
    const later = keep([...before, ahead, ...makeHours(24 * 30, 32)], startMs + 30 * 24 * hourMs);
    expect(later).not.toContain(ahead);
  });

  test('SY-20 keep what was made before a migration for 90 days of use', () => {
    const migration: DatedCopy = {
      number: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      reason: 'before_migration',
    };
    const days = makeHours(24 * 91, 2);
    const at = (day: number) => startMs + day * 24 * hourMs;
    expect(keep([migration, ...days.slice(0, 24 * 89)], at(89))).toContain(migration);
    expect(keep([migration, ...days], at(91))).not.toContain(migration);
    expect(keep([migration, ...days.slice(0, 24)], at(5000))).toContain(migration);
  });
});
