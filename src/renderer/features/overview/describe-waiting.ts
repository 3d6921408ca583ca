import type { OverviewRow } from '../../../shared/contract/overview-requests.ts';

type Waiting = NonNullable<OverviewRow['waiting']>;

/** What is waited for, in a few words. */
export function describeWaiting({ reason, count }: Waiting): string {
  switch (reason) {
    case 'review':
      return count === 1 ? 'a review' : `${count} reviews`;
    case 'question':
      return count === 1 ? 'an answer to a question' : `answers to ${count} questions`;
    case 'more_time':
      return count === 1 ? 'a word on more time' : `a word on ${count} requests for more time`;
    case 'timesheet':
      return count === 1 ? 'a timesheet’s approval' : `the approval of ${count} timesheets`;
    case 'time_change':
      return count === 1 ? 'a change of time' : `${count} changes of time`;
    case 'amendment':
      return 'an answer to an amendment';
    case 'changes':
      return count === 1 ? 'requested changes' : `changes on ${count} tasks`;
    case 'tasks':
      return count === 1 ? 'work on a task' : `work on ${count} tasks`;
    default:
      return reason satisfies never;
  }
}
