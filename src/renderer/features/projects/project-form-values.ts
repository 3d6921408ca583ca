import { Temporal } from 'temporal-polyfill';
import type { RequestInput, RequestOutput } from '../../../shared/contract/contract.ts';
import type { WrittenTerms } from '../../../shared/contract/project-shapes.ts';
import { cutText } from '../../../shared/domain/cut-text.ts';
import { type Category, maximumAmountMinor } from '../../../shared/domain/fields.ts';
import type { Rounding } from '../../../shared/domain/rounding.ts';
import { computeCurrencyDigits } from '../../format/money.ts';
import type { ProjectExample } from './examples/project-example.ts';

export type TemplateDraft = NonNullable<RequestInput<'project.create'>['templates']>[number];

export interface EditedRubricCriterion {
  /** Of this row in this form. */
  readonly key: string;
  readonly id?: string;
  readonly text: string;
  /** NaN while the field is empty. */
  readonly points: number;
}

/** What stands in the form; numbers are NaN while their field is empty. */
export interface ProjectFormValues {
  readonly title: string;
  readonly brief: string;
  readonly category: Category;
  readonly categoryName: string;
  readonly hours: number;
  readonly isPaid: boolean;
  readonly amount: number;
  readonly currency: string;
  readonly timeZone: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly graceMinutes: number;
  readonly latePolicy: string;
  readonly rounds: number;
  readonly rubric: readonly EditedRubricCriterion[];
  /** 0 where hours count to the second. */
  readonly roundingMinutes: 0 | Rounding['minutes'];
  readonly roundingMode: Rounding['mode'];
  readonly roundingPer: Rounding['per'];
  /** What comes along with a new project: tasks that are assigned later. */
  readonly templates: readonly TemplateDraft[];
}

export type ProjectFormErrors = Partial<Record<keyof WrittenTerms, string>>;

export function computeNewProject(timeZone: string): ProjectFormValues {
  const today = Temporal.Now.plainDateISO(timeZone);
  return {
    title: '',
    brief: '',
    category: 'research',
    categoryName: '',
    hours: 20,
    isPaid: true,
    amount: Number.NaN,
    currency: 'EUR',
    timeZone,
    startsOn: today.add({ days: 3 }).toString(),
    endsOn: today.add({ days: 31 }).toString(),
    graceMinutes: 120,
    latePolicy: '',
    rounds: 2,
    rubric: [],
    roundingMinutes: 0,
    roundingMode: 'nearest',
    roundingPer: 'day',
    templates: [],
  };
}

/** What a worked example puts into a form that is still empty; dates count from the form's beginning, where it has one. */
export function computeExampleValues(
  example: ProjectExample,
  startsOn: string,
): Partial<ProjectFormValues> {
  return {
    title: example.title,
    brief: example.brief,
    category: example.category,
    hours: example.hours,
    ...(startsOn === ''
      ? {}
      : { endsOn: Temporal.PlainDate.from(startsOn).add({ days: example.days }).toString() }),
    latePolicy: example.latePolicy,
    rounds: example.rounds,
    rubric: example.rubric.map((criterion) => ({ key: crypto.randomUUID(), ...criterion })),
    templates: example.tasks.map((task) => ({
      ...task,
      criteria: [...task.criteria],
      dueTime: '17:00',
    })),
  };
}

/** Another project of the same terms: its dates begin anew and last as long. */
export function computeCopyValues(
  { terms, templates }: Pick<RequestOutput<'project.get'>, 'terms' | 'templates'>,
  zone: string,
): ProjectFormValues {
  const startsOn = Temporal.Now.plainDateISO(zone).add({ days: 3 });
  const length = Temporal.PlainDate.from(terms.startsOn).until(terms.endsOn);
  return {
    ...computeFormValues(terms),
    title: cutText(`Copy of ${terms.title}`, 200),
    startsOn: startsOn.toString(),
    endsOn: startsOn.add(length).toString(),
    rubric: terms.rubric.map(({ text, points }) => ({ key: crypto.randomUUID(), text, points })),
    templates: templates.map(
      ({ title, instructions, criteria, estimateMinutes, dueDays, dueTime }) => ({
        title,
        instructions,
        criteria,
        estimateMinutes,
        dueDays,
        dueTime,
      }),
    ),
  };
}

export function computeFormValues(terms: WrittenTerms): ProjectFormValues {
  const { pay } = terms;
  return {
    title: terms.title,
    brief: terms.brief,
    category: terms.category,
    categoryName: terms.categoryName ?? '',
    hours: terms.hourBudgetMinutes / 60,
    isPaid: pay.kind === 'fixed',
    amount:
      pay.kind === 'fixed'
        ? pay.amountMinor / 10 ** computeCurrencyDigits(pay.currency)
        : Number.NaN,
    currency: pay.kind === 'fixed' ? pay.currency : 'EUR',
    timeZone: terms.timeZone,
    startsOn: terms.startsOn,
    endsOn: terms.endsOn,
    graceMinutes: terms.graceMinutes,
    latePolicy: terms.latePolicy,
    rounds: terms.roundsIncluded,
    rubric: terms.rubric.map(({ id, text, points }) => ({
      key: id ?? crypto.randomUUID(),
      ...(id === undefined ? {} : { id }),
      text,
      points,
    })),
    roundingMinutes: terms.rounding?.minutes ?? 0,
    roundingMode: terms.rounding?.mode ?? 'nearest',
    roundingPer: terms.rounding?.per ?? 'day',
    templates: [],
  };
}

/** What a person writes for a sum, in the currency's minor unit; NaN for an empty field. */
export const computeAmountMinor = (amount: number, currency: string): number =>
  Math.round(amount * 10 ** computeCurrencyDigits(currency));

/** What is wrong with a sum, in words; undefined where nothing is. */
export function findAmountError(amount: number, currency: string): string | undefined {
  const minor = computeAmountMinor(amount, currency);
  if (!(minor >= 1)) return 'Say how much it pays, or choose unpaid.';
  return minor > maximumAmountMinor
    ? 'Check the sum: it is larger than any project pays.'
    : undefined;
}

/** What is missing or cannot be, each at its field. The engine checks the same again. */
export function computeFormErrors(values: ProjectFormValues): ProjectFormErrors {
  const errors: ProjectFormErrors = {};
  if (values.title.trim() === '') errors.title = 'Give the project a title.';
  if (values.category === 'other' && values.categoryName.trim() === '')
    errors.categoryName = 'Say what kind of work it is.';
  if (Number.isNaN(values.hours) || values.hours < 0.25)
    errors.hourBudgetMinutes = 'Say how many hours it may take.';
  const amountError = values.isPaid ? findAmountError(values.amount, values.currency) : undefined;
  if (amountError !== undefined) errors.pay = amountError;
  if (values.startsOn === '') errors.startsOn = 'Choose the day it begins.';
  if (values.endsOn === '') errors.endsOn = 'Choose the day it ends.';
  else if (values.endsOn < values.startsOn) errors.endsOn = 'The end lies before the beginning.';
  if (values.rubric.some(({ text, points }) => text.trim() !== '' && !(points >= 1)))
    errors.rubric = 'Say how many points each line is worth.';
  return errors;
}

export function computeTerms(values: ProjectFormValues): WrittenTerms {
  return {
    title: values.title.trim(),
    brief: values.brief,
    category: values.category,
    categoryName: values.category === 'other' ? values.categoryName.trim() : null,
    hourBudgetMinutes: Math.round(values.hours * 60),
    pay: values.isPaid
      ? {
          kind: 'fixed',
          amountMinor: computeAmountMinor(values.amount, values.currency),
          currency: values.currency,
        }
      : { kind: 'unpaid' },
    timeZone: values.timeZone,
    startsOn: values.startsOn,
    endsOn: values.endsOn,
    graceMinutes: values.graceMinutes,
    latePolicy: values.latePolicy.trim(),
    roundsIncluded: Number.isNaN(values.rounds) ? 0 : values.rounds,
    rubric: values.rubric
      .filter(({ text }) => text.trim() !== '')
      .map(({ id, text, points }) => ({
        ...(id === undefined ? {} : { id }),
        text: text.trim(),
        points: Math.round(points),
      })),
    rounding:
      values.roundingMinutes === 0
        ? null
        : {
            minutes: values.roundingMinutes,
            mode: values.roundingMode,
            per: values.roundingPer,
          },
  };
}

/** The fields of the form that one of the terms is written in, where these are not called the same. */
const fieldsOfTerm: Readonly<Record<string, readonly (keyof ProjectFormValues)[]>> = {
  hourBudgetMinutes: ['hours'],
  pay: ['isPaid', 'amount', 'currency'],
  roundsIncluded: ['rounds'],
  rounding: ['roundingMinutes', 'roundingMode', 'roundingPer'],
};

/**
 * A form that was left and is opened again: what was touched in it, with what was seen then, and everything else as it is
 * by now.
 */
export function computeReopenedValues<Terms extends WrittenTerms>(
  { seenTerms, ...kept }: ProjectFormValues & { readonly seenTerms: Terms },
  terms: Terms,
): ProjectFormValues & { readonly seenTerms: Terms } {
  const { patch, seen } = computeTermsPatch(seenTerms, computeTerms(kept));
  const touched = new Set<string>(
    Object.keys(patch).flatMap((term): readonly string[] => fieldsOfTerm[term] ?? [term]),
  );
  return {
    ...computeFormValues(terms),
    ...Object.fromEntries(
      Object.entries(kept).filter(([field]) => touched.has(field) || field === 'templates'),
    ),
    seenTerms: { ...terms, ...seen },
  };
}

/** The fields that differ, as they are to be, and as they were seen when the form was opened. */
export function computeTermsPatch<Terms extends WrittenTerms>(
  before: Terms,
  after: WrittenTerms,
): { patch: Partial<WrittenTerms>; seen: Partial<Terms> } {
  const keys = (Object.keys(after) as (keyof WrittenTerms)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return {
    patch: Object.fromEntries(keys.map((key) => [key, after[key]])),
    seen: Object.fromEntries(keys.map((key) => [key, before[key]])) as Partial<Terms>,
  };
}
