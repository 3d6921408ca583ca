import type { hoursRequests } from '../../../shared/contract/hours-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { budgetHandlers } from './budget-handlers.ts';
import { rearrangeHandlers } from './rearrange-handlers.ts';
import { timeChangeHandlers } from './time-change-handlers.ts';
import { timesheetHandlers } from './timesheet-handlers.ts';

/** Hours as they are put in order, handed in, approved and changed afterwards. */
export const hoursRuleHandlers = {
  ...rearrangeHandlers,
  ...timesheetHandlers,
  ...timeChangeHandlers,
  ...budgetHandlers,
} satisfies HandlersOf<typeof hoursRequests>;
