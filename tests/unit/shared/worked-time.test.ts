import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  computeCoveredSeconds,
  computeWorkedSeconds,
} from '../../../src/shared/domain/worked-time.ts';

const baseMs = Date.UTC(2026, 2, 28);
const stretch = fc
  .tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 500 }))
  .map(([start, length]) => ({
    startSecond: start,
    endSecond: start + length,
    startedAt: new Date(baseMs + start * 1000).toISOString(),
    endedAt: new Date(baseMs + (start + length) * 1000).toISOString(),
  }));

test('sum and union equal those of a model that counts second by second', () => {
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 12 }), (stretches) => {
      const seconds = new Set<number>();
      let sum = 0;
      for (const { startSecond, endSecond } of stretches)
        for (let second = startSecond; second < endSecond; second += 1) {
          seconds.add(second);
          sum += 1;
        }
      expect(computeWorkedSeconds(stretches)).toBe(sum);
      expect(computeCoveredSeconds(stretches)).toBe(seconds.size);
    }),
  );
});
