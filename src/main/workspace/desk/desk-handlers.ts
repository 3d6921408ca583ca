import type { deskRequests } from '../../../shared/contract/desk-requests.ts';
import type { reviewRequests } from '../../../shared/contract/review-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { peopleHandlers } from './people-handlers.ts';
import { projectHandlers } from './project-handlers.ts';
import { quarantineHandlers } from './quarantine-handlers.ts';
import { reviewHandlers } from './review-handlers.ts';
import { taskAssignmentHandlers } from './task-assignment.ts';

/** Everything at the employer's desk but the bundles. */
export const deskHandlers = {
  ...reviewHandlers,
  ...projectHandlers,
  ...peopleHandlers,
  ...quarantineHandlers,
  ...taskAssignmentHandlers,
} satisfies HandlersOf<
  Omit<typeof deskRequests, 'bundles.list' | 'bundle.export'> & typeof reviewRequests
>;
