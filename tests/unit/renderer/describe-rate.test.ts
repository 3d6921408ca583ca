import { expect, test } from 'vitest';
import { describeRate } from '../../../src/renderer/features/timesheets/describe-rate.ts';
import { formatMoney } from '../../../src/renderer/format/money.ts';

const pay = { kind: 'fixed', amountMinor: 48_000, currency: 'EUR' } as const;

test('what an hour has come to is said once there is an hour', () => {
  // Nine seconds: €192,000 an hour.
  expect(describeRate({ pay, workedSeconds: 9, minorPerHour: 19_200_000 })).toBeNull();
  expect(describeRate({ pay, workedSeconds: 3599, minorPerHour: 48_013 })).toBeNull();
  expect(describeRate({ pay, workedSeconds: 3600, minorPerHour: 48_000 })).toBe(
    `${formatMoney(48_000, 'EUR')} an hour so far. Only you see this.`,
  );
});

test('work that is unpaid, or not begun, comes to nothing', () => {
  expect(describeRate(undefined)).toBeNull();
  expect(describeRate({ pay, workedSeconds: 0, minorPerHour: null })).toBeNull();
  expect(
    describeRate({ pay: { kind: 'unpaid' }, workedSeconds: 7200, minorPerHour: null }),
  ).toBeNull();
});
