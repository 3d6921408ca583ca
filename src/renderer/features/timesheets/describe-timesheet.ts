import type { BudgetStanding, TimesheetItem } from '../../../shared/contract/hours-requests.ts';
import type { Rounding } from '../../../shared/domain/rounding.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatDays } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import type { Tone } from '../../ui/notice.tsx';

export const stateNames: Record<TimesheetItem['state'], string> = {
  submitted: 'Waiting for approval',
  approved: 'Approved',
  returned: 'Returned',
  withdrawn: 'Taken back',
};

export const stateTones: Record<TimesheetItem['state'], Tone> = {
  submitted: 'accent',
  approved: 'positive',
  returned: 'warning',
  withdrawn: 'neutral',
};

/** "Mon, Mar 2 – Sun, Mar 8", or the task whose hours they are. */
export function describeSubject({ kind, taskTitle, startsOn, endsOn }: TimesheetItem): string {
  if (kind === 'work' && taskTitle !== null) return isolate(taskTitle);
  return formatDays(startsOn, endsOn);
}

export function describeRounding(rounding: Rounding | null): string {
  if (rounding === null) return 'The terms do not round hours.';
  const mode = rounding.mode === 'up' ? 'up' : 'to the nearest';
  return `The terms round each ${rounding.per === 'day' ? 'day' : 'entry'} ${mode} ${rounding.minutes} minutes.`;
}

/** From 80 % of the agreed hours on. */
export function describeBudgetLevel({
  level,
  leftSeconds,
}: Pick<BudgetStanding, 'level' | 'leftSeconds'>): string {
  if (level !== 'over') return '80 % or more of the agreed hours are used';
  return leftSeconds === 0
    ? 'All of the agreed hours are used'
    : `${formatDuration(-leftSeconds * 1000)} over what was agreed`;
}
