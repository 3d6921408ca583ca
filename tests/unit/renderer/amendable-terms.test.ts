import { expect, test } from 'vitest';
import {
  listMeanwhileAgreed,
  listOtherFields,
} from '../../../src/renderer/features/agreement/amendable-terms.ts';

const opened = {
  hourBudgetMinutes: 1200,
  pay: { kind: 'fixed', amountMinor: 40_000, currency: 'EUR' },
  startsOn: '2026-03-01',
  endsOn: '2026-03-31',
  scope: '',
} as const;

test('a proposal has what was changed in the form, and nothing that was left as it was', () => {
  const written = {
    ...opened,
    pay: { currency: 'EUR', amountMinor: 40_000, kind: 'fixed' },
    endsOn: '2026-04-15',
  } as const;
  expect(listOtherFields(opened, written)).toEqual(['endsOn']);
  expect(listOtherFields(opened, { pay: { kind: 'unpaid' } })).toEqual(['pay']);
});

test('what was agreed otherwise meanwhile is named with what it is now, and whether it is to be replaced', () => {
  const now = { ...opened, hourBudgetMinutes: 1800, pay: { kind: 'unpaid' } } as const;
  expect(listMeanwhileAgreed(opened, now, ['pay', 'endsOn'])).toEqual([
    { field: 'Hour budget', now: '30h', isReplaced: false },
    { field: 'Pay', now: 'Unpaid', isReplaced: true },
  ]);
  expect(listMeanwhileAgreed(opened, opened, ['pay'])).toEqual([]);
});
