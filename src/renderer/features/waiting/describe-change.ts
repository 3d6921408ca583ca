import type { WaitingChange } from '../../../shared/contract/sync-requests.ts';
import { formatDays } from '../../format/date-time.ts';
import { joinNames } from '../../../shared/domain/isolate.ts';

type Described = Pick<WaitingChange, 'label' | 'subject' | 'days'>;

/** What a change is about: a task's title, or a timesheet's project and days. Empty when unknown. */
export function describeChangeSubject({ subject, days }: Omit<Described, 'label'>): string {
  const parts = [subject, days === null ? '' : formatDays(days.startsOn, days.endsOn)];
  return joinNames(...parts.filter((part) => part !== ''));
}

/** "Record time: Interview five owners". */
export function describeChange(change: Described): string {
  const subject = describeChangeSubject(change);
  return subject === '' ? change.label : `${change.label}: ${subject}`;
}
