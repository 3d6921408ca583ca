import { z } from 'zod';
import { idSchema, instantSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { budgetSchema, seatIdSchema } from './shapes.ts';

/** Whose turn it is, and with what. */
export const waitingReasons = [
  'review',
  'question',
  'more_time',
  'timesheet',
  'time_change',
  'amendment',
  'changes',
  'tasks',
] as const;
export const waitingReasonSchema = z.enum(waitingReasons);
export type WaitingReason = z.infer<typeof waitingReasonSchema>;

const overviewRowSchema = z.object({
  engagementId: idSchema,
  projectId: idSchema,
  projectTitle: z.string(),
  membershipId: idSchema.nullable(),
  internName: z.string(),
  status: z.enum(['invited', 'active', 'completed', 'withdrawn']),
  budget: budgetSchema,
  taskCount: z.int(),
  acceptedCount: z.int(),
  overdueCount: z.int(),
  /** Tasks of which the first revision was judged, and how many of these were on time. */
  judgedCount: z.int(),
  onTimeCount: z.int(),
  /** The deadline of the next open task. */
  nextDue: instantSchema.nullable(),
  /** Null where nobody waits. The employer's turn comes first: whoever waits for it is a person. */
  waiting: z
    .object({
      forWhom: z.enum(['employer', 'intern']),
      reason: waitingReasonSchema,
      since: instantSchema,
      count: z.int(),
    })
    .nullable(),
});
export type OverviewRow = z.infer<typeof overviewRowSchema>;

export const overviewRequests = {
  'overview.get': defineRequest(
    'Each engagement at a glance: on time, hours against the budget, who waits for whom and since when',
    z.object({
      seatId: seatIdSchema,
      /** Only so many of those under way: what a screen shows first. Without it, all there are. */
      first: z.int().min(1).max(1000).optional(),
    }),
    z.object({ rows: z.array(overviewRowSchema) }),
  ),
} as const;
