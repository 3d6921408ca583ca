import type { Engagement } from '../../../shared/contract/shapes.ts';
import type { Pay } from '../../../shared/domain/fields.ts';
import { formatPlainDate } from '../../format/date-time.ts';
import type { MeanwhileChange } from '../projects/changed-meanwhile.tsx';
import { describeMinutes, describePay } from '../projects/describe-project.ts';

/** What of an engagement can be amended. */
export interface AmendableTerms {
  readonly hourBudgetMinutes: number;
  readonly pay: Pay;
  readonly startsOn: string;
  readonly endsOn: string;
  /** Empty where nothing was written down beside the project's brief. */
  readonly scope: string;
}
type AmendableField = keyof AmendableTerms;

const fieldNames: Readonly<Record<AmendableField, string>> = {
  hourBudgetMinutes: 'Hour budget',
  pay: 'Pay',
  startsOn: 'Begins',
  endsOn: 'Ends',
  scope: 'What the work covers',
};
const fields = Object.keys(fieldNames) as AmendableField[];

/** What is agreed now. */
export function computeAmendable(
  engagement: Pick<Engagement, 'pay' | 'startsOn' | 'endsOn' | 'agreedScope'> & {
    readonly budget: Pick<Engagement['budget'], 'budgetMinutes'>;
  },
): AmendableTerms {
  return {
    hourBudgetMinutes: engagement.budget.budgetMinutes,
    pay: engagement.pay,
    startsOn: engagement.startsOn,
    endsOn: engagement.endsOn,
    scope: engagement.agreedScope ?? '',
  };
}

/** The fields that are said and differ: what is left as it was is no part of a proposal. */
export function listOtherFields(
  before: AmendableTerms,
  after: Partial<AmendableTerms>,
): AmendableField[] {
  return fields.filter((field) => {
    const value = after[field];
    return value !== undefined && computeKey(value) !== computeKey(before[field]);
  });
}

/** What was agreed otherwise since `opened`, for a form in which these fields were changed. */
export function listMeanwhileAgreed(
  opened: AmendableTerms,
  now: AmendableTerms,
  changed: readonly AmendableField[],
): MeanwhileChange[] {
  return listOtherFields(opened, now).map((field) => ({
    field: fieldNames[field],
    now: describeField(now, field),
    isReplaced: changed.includes(field),
  }));
}

function describeField(terms: AmendableTerms, field: AmendableField): string {
  if (field === 'hourBudgetMinutes') return describeMinutes(terms.hourBudgetMinutes);
  if (field === 'pay') return describePay(terms.pay);
  if (field === 'scope') return `“${terms.scope}”`;
  return formatPlainDate(terms[field]);
}

/** The same for the same value: pay may come in any order of its members. */
function computeKey(value: Pay | string | number): string {
  if (typeof value !== 'object') return String(value);
  return value.kind === 'fixed' ? `${value.amountMinor} ${value.currency}` : value.kind;
}
