import { describe, expect, test } from 'vitest';
import {
  computeCopyValues,
  computeExampleValues,
  computeFormErrors,
  computeFormValues,
  computeNewProject,
  computeReopenedValues,
  computeTerms,
  computeTermsPatch,
} from '../../../src/renderer/features/projects/project-form-values.ts';
import { newProjectTermsSchema } from '../../../src/shared/contract/project-shapes.ts';
import { taskTemplateSchema } from '../../../src/shared/mutations/template-mutations.ts';
import { projectExamples } from '../../../src/renderer/features/projects/examples/examples.ts';

const filled = {
  ...computeNewProject('Europe/Berlin'),
  title: 'Spring market research',
  amount: 420.5,
};

describe('the project form', () => {
  test('what it gives is what the contract takes', () => {
    const terms = computeTerms(filled);
    expect(newProjectTermsSchema.parse(terms)).toEqual(terms);
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

  test('opened again, it has what was touched in it, and the rest as it is by now', () => {
    const seenTerms = computeTerms(filled);
    const kept = { ...filled, title: 'Summer market research', amount: 500, seenTerms };
    const now = {
      ...seenTerms,
      title: 'Autumn market research',
      brief: 'Written by another manager.',
      hourBudgetMinutes: 600,
      pay: { kind: 'unpaid' } as const,
    };
    const { seenTerms: seen, ...values } = computeReopenedValues(kept, now);
    expect(values).toMatchObject({
      title: 'Summer market research',
      brief: 'Written by another manager.',
      hours: 10,
      isPaid: true,
      amount: 500,
      currency: 'EUR',
    });
    expect(computeTermsPatch(seen, computeTerms(values))).toEqual({
      patch: {
        title: 'Summer market research',
        pay: { kind: 'fixed', amountMinor: 50_000, currency: 'EUR' },
      },
      seen: { title: seenTerms.title, pay: seenTerms.pay },
    });
  });

  test('opened again, it has its emptied fields empty', () => {
    const seenTerms = computeTerms(filled);
    const kept = { ...filled, hours: Number.NaN, seenTerms };
    expect(computeReopenedValues(kept, { ...seenTerms, hourBudgetMinutes: 600 }).hours).toBeNaN();
  });

  test.each([
    ['title', { title: '  ' }],
    ['categoryName', { category: 'other', categoryName: '' }],
    ['hourBudgetMinutes', { hours: Number.NaN }],
    ['pay', { amount: Number.NaN }],
    ['pay', { amount: 99_999_999_999_999 }],
    ['pay', { amount: 10_000_000.01, currency: 'EUR' }],
    ['pay', { amount: 1_000_001, currency: 'KWD' }],
    ['pay', { amount: 0.4, currency: 'JPY' }],
    ['rubric', { rubric: [{ key: 'a', text: 'Sources', points: Number.NaN }] }],
    ['endsOn', { startsOn: '2026-04-01', endsOn: '2026-03-01' }],
  ] as const)('says at %s what is missing or cannot be', (field, change) => {
    expect(Object.keys(computeFormErrors({ ...filled, ...change }))).toEqual([field]);
  });

  test.each([
    [10_000_000, 'EUR'],
    [1_000_000_000, 'JPY'],
    [0.01, 'EUR'],
  ])('has nothing to say about a sum that the contract takes: %d %s', (amount, currency) => {
    const values = { ...filled, amount, currency };
    expect(computeFormErrors(values)).toEqual({});
    newProjectTermsSchema.parse(computeTerms(values));
  });

  test('has nothing to say about a complete form, paid or unpaid', () => {
    expect(computeFormErrors(filled)).toEqual({});
    expect(computeFormErrors({ ...filled, isPaid: false, amount: Number.NaN })).toEqual({});
  });

  test.each(projectExamples)(
    'takes the worked example “$title”, which only lacks the pay',
    (example) => {
      const values = { ...filled, ...computeExampleValues(example, '2027-03-01') };
      expect(computeFormErrors(values)).toEqual({});
      expect(computeFormErrors({ ...values, amount: Number.NaN })).toHaveProperty('pay');
      const terms = newProjectTermsSchema.parse(computeTerms(values));
      expect(terms.hourBudgetMinutes).toBeGreaterThanOrEqual(5 * 60);
      expect(terms.hourBudgetMinutes).toBeLessThanOrEqual(40 * 60);
      expect(terms.rubric.reduce((sum, { points }) => sum + points, 0)).toBe(100);
      const templates = taskTemplateSchema.array().parse(values.templates);
      const minutes = templates.reduce((sum, task) => sum + (task.estimateMinutes ?? 0), 0);
      expect(minutes).toBeLessThanOrEqual(terms.hourBudgetMinutes);
      for (const { dueDays } of templates) expect(dueDays).toBeLessThanOrEqual(example.days);
    },
  );

  test.each(projectExamples)(
    'takes the worked example “$title” while the day on which it begins is empty',
    (example) => {
      const { endsOn } = filled;
      const values = { ...filled, ...computeExampleValues(example, '') };
      expect(values).toMatchObject({ title: example.title, endsOn });
    },
  );

  test('there is a worked example for each kind of work', () => {
    expect(projectExamples.map(({ category }) => category)).toEqual([
      'data_entry',
      'research',
      'hr',
      'content',
      'sales',
    ]);
  });

  test('a copy begins anew, lasts as long, and has criteria and templates of its own', () => {
    const terms = newProjectTermsSchema.parse(computeTerms(filled));
    const rubric = [{ id: '0191e6a8-0000-7000-8000-000000000001', text: 'Sources', points: 5 }];
    const template = {
      templateId: '0191e6a8-0000-7000-8000-000000000002',
      title: 'First',
      instructions: '',
      criteria: [],
      estimateMinutes: null,
      dueDays: 1,
      dueTime: '17:00',
      replaced: [],
    };
    const copy = computeCopyValues(
      {
        terms: { ...terms, startsOn: '2020-01-01', endsOn: '2020-01-15', rubric },
        templates: [template],
      },
      'Europe/Berlin',
    );
    expect(copy.title).toBe('Copy of Spring market research');
    const long = { ...terms, rubric, title: `${'x'.repeat(191)}😀` };
    expect(computeCopyValues({ terms: long, templates: [] }, 'Europe/Berlin').title).toBe(
      `Copy of ${'x'.repeat(191)}`,
    );
    expect(Date.parse(copy.endsOn) - Date.parse(copy.startsOn)).toBe(14 * 86_400_000);
    expect(computeTerms(copy).rubric).toEqual([{ text: 'Sources', points: 5 }]);
    expect(copy.templates).toEqual([
      expect.not.objectContaining({ templateId: template.templateId }),
    ]);
  });
});
