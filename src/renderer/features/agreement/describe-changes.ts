import type { Amendment } from '../../../shared/contract/agreement-requests.ts';
import type { AmendmentChanges, AmendmentField } from '../../../shared/domain/agreement.ts';
import { formatPlainDate } from '../../format/date-time.ts';
import type { Tone } from '../../ui/notice.tsx';
import { describeMinutes, describePay } from '../projects/describe-project.ts';

export interface DescribedChange {
  readonly field: AmendmentField;
  readonly term: string;
  readonly from: string;
  readonly to: string;
  /** Beside a number: what comes on top of it. */
  readonly difference: string | null;
}

/** Each change in words, in the order in which terms are read. */
export function describeChanges(changes: AmendmentChanges): DescribedChange[] {
  const { hourBudgetMinutes, pay, startsOn, endsOn, scope } = changes;
  const described: (DescribedChange | undefined)[] = [
    hourBudgetMinutes && {
      field: 'hourBudgetMinutes',
      term: 'Hours',
      from: describeMinutes(hourBudgetMinutes.from),
      to: describeMinutes(hourBudgetMinutes.to),
      difference: describeDifference(hourBudgetMinutes.to - hourBudgetMinutes.from),
    },
    pay && {
      field: 'pay',
      term: 'Pay',
      from: describePay(pay.from),
      to: describePay(pay.to),
      difference: null,
    },
    startsOn && {
      field: 'startsOn',
      term: 'Begins',
      from: formatPlainDate(startsOn.from),
      to: formatPlainDate(startsOn.to),
      difference: null,
    },
    endsOn && {
      field: 'endsOn',
      term: 'Ends',
      from: formatPlainDate(endsOn.from),
      to: formatPlainDate(endsOn.to),
      difference: null,
    },
    scope && {
      field: 'scope',
      term: 'What the work covers',
      from: scope.from ?? 'As the project’s brief says',
      to: scope.to,
      difference: null,
    },
  ];
  return described.filter((change) => change !== undefined);
}

function describeDifference(minutes: number): string | null {
  if (minutes === 0) return null;
  return `${minutes > 0 ? '+' : '−'}${describeMinutes(Math.abs(minutes))}`;
}

/** "20 h more", "Another end", for a line that has to be short. */
export function summarizeChanges(changes: AmendmentChanges): string {
  return describeChanges(changes)
    .map(({ field, term, to, difference }) =>
      field === 'scope' ? term : `${term}: ${difference ?? to}`,
    )
    .join(' · ');
}

export const amendmentStates: Readonly<
  Record<Amendment['state'], { readonly label: string; readonly tone: Tone }>
> = {
  proposed: { label: 'Open', tone: 'accent' },
  confirmed: { label: 'Agreed', tone: 'positive' },
  declined: { label: 'Declined', tone: 'negative' },
  withdrawn: { label: 'Taken back', tone: 'neutral' },
  lapsed: { label: 'Lapsed when the engagement ended', tone: 'neutral' },
};
