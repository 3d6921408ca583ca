import { expect, test } from 'vitest';
import { computeWholeMinutes } from '../../../src/renderer/ui/whole-minutes.ts';

const format = new Intl.NumberFormat('en', { maximumFractionDigits: 2, useGrouping: false });

test('every minute that may be said is the same one after its hours were shown and read again', () => {
  for (let minutes = 1; minutes <= 60_000; minutes += 1) {
    const shown = Number(format.format(minutes / 60));
    expect(Math.round(computeWholeMinutes(shown, 0.25, 1000) * 60)).toBe(minutes);
  }
});

test('what is typed becomes the nearest whole minute between the least and the most', () => {
  expect(computeWholeMinutes(2.1, 0.25, 1000)).toBe(2.1);
  expect(computeWholeMinutes(0.333, 0.25, 1000)).toBe(20 / 60);
  expect(computeWholeMinutes(0, 0.25, 1000)).toBe(0.25);
  expect(computeWholeMinutes(0, 0, 23)).toBe(0);
  expect(computeWholeMinutes(5000, 0.25, 1000)).toBe(1000);
  expect(computeWholeMinutes(Number.NaN, 0.25, 1000)).toBeNaN();
});
