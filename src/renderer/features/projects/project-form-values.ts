import { Temporal } from 'temporal-polyfill';
import type { Category } from '../../../shared/domain/fields.ts';
import type { ProjectTerms } from '../../../shared/mutations/project-mutations.ts';
import { computeCurrencyDigits } from '../../format/money.ts';

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
}

/** Far above any real sum, and far below where minor units stop being exact. */
const largestAmount = 1_000_000_000;

export type ProjectFormErrors = Partial<Record<keyof ProjectTerms, string>>;

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
  };
}

export function computeFormValues(terms: ProjectTerms): ProjectFormValues {
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
  };
}

/** What is missing or cannot be, each at its field. The engine checks the same again. */
export function computeFormErrors(values: ProjectFormValues): ProjectFormErrors {
  const errors: ProjectFormErrors = {};
  if (values.title.trim() === '') errors.title = 'Give the project a title.';
  if (values.category === 'other' && values.categoryName.trim() === '')
    errors.categoryName = 'Say what kind of work it is.';
  if (Number.isNaN(values.hours) || values.hours < 0.25)
    errors.hourBudgetMinutes = 'Say how many hours it may take.';
  if (values.isPaid && (Number.isNaN(values.amount) || values.amount <= 0))
    errors.pay = 'Say how much it pays, or choose unpaid.';
  else if (values.isPaid && values.amount > largestAmount)
    errors.pay = 'Check the sum: it is larger than any project pays.';
  if (values.startsOn === '') errors.startsOn = 'Choose the day it begins.';
  if (values.endsOn === '') errors.endsOn = 'Choose the day it ends.';
  else if (values.endsOn < values.startsOn) errors.endsOn = 'The end lies before the beginning.';
  return errors;
}

export function computeTerms(values: ProjectFormValues): ProjectTerms {
  return {
    title: values.title.trim(),
    brief: values.brief,
    category: values.category,
    categoryName: values.category === 'other' ? values.categoryName.trim() : null,
    hourBudgetMinutes: Math.round(values.hours * 60),
    pay: values.isPaid
      ? {
          kind: 'fixed',
          amountMinor: Math.round(values.amount * 10 ** computeCurrencyDigits(values.currency)),
          currency: values.currency,
        }
      : { kind: 'unpaid' },
    timeZone: values.timeZone,
    startsOn: values.startsOn,
    endsOn: values.endsOn,
    graceMinutes: values.graceMinutes,
    latePolicy: values.latePolicy.trim(),
    roundsIncluded: Number.isNaN(values.rounds) ? 0 : values.rounds,
  };
}

/** The fields that differ, as they are to be, and as they were seen when the form was opened. */
export function computeTermsPatch(
  before: ProjectTerms,
  after: ProjectTerms,
): { patch: Partial<ProjectTerms>; seen: Partial<ProjectTerms> } {
  const keys = (Object.keys(after) as (keyof ProjectTerms)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const pick = (terms: ProjectTerms): Partial<ProjectTerms> =>
    Object.fromEntries(keys.map((key) => [key, terms[key]]));
  return { patch: pick(after), seen: pick(before) };
}
