import { expect, test } from 'vitest';
import { describeBudgetLevel } from '../../../src/renderer/features/timesheets/describe-timesheet.ts';

test('hours that were used up to the minute are not said to be over what was agreed', () => {
  expect(describeBudgetLevel({ level: 'near', leftSeconds: 7200 })).toContain('80 %');
  expect(describeBudgetLevel({ level: 'over', leftSeconds: 0 })).toBe(
    'All of the agreed hours are used',
  );
  expect(describeBudgetLevel({ level: 'over', leftSeconds: -3600 })).toBe(
    '1h over what was agreed',
  );
});
