import type { Engagement } from '../../../shared/contract/shapes.ts';
import { type EndReason, readableEndReasons } from '../../../shared/domain/end-reason.ts';
import type { Category, Pay } from '../../../shared/domain/fields.ts';
import type { Rounding } from '../../../shared/domain/rounding.ts';
import { formatDateTime, formatPlainDate } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatMoney } from '../../format/money.ts';
import type { Tone } from '../../ui/notice.tsx';

export const categoryNames: Readonly<Record<Category, string>> = {
  data_entry: 'Data entry',
  research: 'Research',
  hr: 'Human resources',
  content: 'Content',
  sales: 'Sales',
  other: 'Other',
};

export function describeCategory(category: Category, ownName: string | null): string {
  return category === 'other' && ownName !== null ? ownName : categoryNames[category];
}

export function describePay(pay: Pay): string {
  return pay.kind === 'fixed' ? formatMoney(pay.amountMinor, pay.currency) : 'Unpaid';
}

export function describeDates({ startsOn, endsOn }: { startsOn: string; endsOn: string }): string {
  return `${formatPlainDate(startsOn)} – ${formatPlainDate(endsOn)}`;
}

export function describeRounding({ minutes, mode, per }: Rounding): string {
  return `${mode === 'up' ? 'Up to' : 'To the nearest'} ${minutes} min for each ${per}`;
}

export function describeMinutes(minutes: number): string {
  return formatDuration(minutes * 60_000);
}

export const engagementStatuses: Readonly<
  Record<Engagement['status'], { readonly label: string; readonly tone: Tone }>
> = {
  invited: { label: 'Invited', tone: 'accent' },
  active: { label: 'Active', tone: 'positive' },
  completed: { label: 'Completed', tone: 'neutral' },
  withdrawn: { label: 'Ended early', tone: 'neutral' },
};

/** When an engagement was over, and why where that is known; nothing for one that is under way. */
export function listEndFacts(
  endedAt: string | null,
  endReason: EndReason | null,
): { term: string; value: string }[] {
  if (endedAt === null) return [];
  const reason = endReason === null ? '' : `: ${readableEndReasons[endReason]}`;
  return [{ term: 'Ended', value: `${formatDateTime(endedAt)}${reason}` }];
}
