import { describe, expect, test } from 'vitest';
import {
  computeFormErrors,
  computeFormValues,
  computeNewProject,
  computeTerms,
  computeTermsPatch,
} from '../../../src/renderer/features/projects/project-form-values.ts';
import { projectTermsSchema } from '../../../src/shared/mutations/project-mutations.ts';

const filled = {
  ...computeNewProject('Europe/Berlin'),
  title: 'Spring market research',
  amount: 420.5,
};

describe('the project form', () => {
  test('what it gives is what the contract takes', () => {
    const terms = computeTerms(filled);
    expect(projectTermsSchema.parse(terms)).toEqual(terms);
    expect(terms.pay).toEqual({ kind: 'fixed', amountMinor: 42_050, currency: 'EUR' });
  });

  test('money is written in the decimals of its currency', () => {
    const yen = computeTerms({ ...filled, amount: 30_000, currency: 'JPY' });
    expect(yen.pay).toEqual({ kind: 'fixed', amountMinor: 30_000, currency: 'JPY' });
    expect(computeFormValues(yen).amount).toBe(30_000);
  });

  test('terms that were opened and not touched come back unchanged', () => {
    const terms = computeTerms({ ...filled, category: 'other', categoryName: 'Translation' });
    expect(computeTerms(computeFormValues(terms))).toEqual(terms);
  });

  test('an edit names only what changed, and what was seen before', () => {
    const before = computeTerms(filled);
    const after = { ...before, title: 'Summer market research', pay: { kind: 'unpaid' } as const };
    expect(computeTermsPatch(before, after)).toEqual({
      patch: { title: 'Summer market research', pay: { kind: 'unpaid' } },
      seen: { title: before.title, pay: before.pay },
    });
  });

  test.each([
    ['title', { title: '  ' }],
    ['categoryName', { category: 'other', categoryName: '' }],
    ['hourBudgetMinutes', { hours: Number.NaN }],
    ['pay', { amount: Number.NaN }],
    ['pay', { amount: 99_999_999_999_999 }],
    ['endsOn', { startsOn: '2026-04-01', endsOn: '2026-03-01' }],
  ] as const)('says at %s what is missing or cannot be', (field, change) => {
    expect(Object.keys(computeFormErrors({ ...filled, ...change }))).toEqual([field]);
  });

  test('has nothing to say about a complete form, paid or unpaid', () => {
    expect(computeFormErrors(filled)).toEqual({});
    expect(computeFormErrors({ ...filled, isPaid: false, amount: Number.NaN })).toEqual({});
  });
});
