import { z } from 'zod';
import { dateSchema, idSchema, instantSchema } from '../domain/fields.ts';
import {
  roundingMinutesSchema,
  roundingModeSchema,
  roundingPerSchema,
} from '../domain/rounding.ts';

const rowKey = { orgId: idSchema, id: idSchema, scope: z.string().max(80) };

/** The rows by which hours are handed in, approved and changed afterwards; all in their engagement's scope. */
export const hoursRowSchemas = {
  /**
   * Time entries handed in together. Which they are stands in each entry (`timesheetId`). Approved, they are locked, and
   * so is the period: what changes afterwards is a request (`timeChangeRequests`).
   */
  timesheets: z.object({
    ...rowKey,
    engagementId: idSchema,
    membershipId: idSchema,
    /** `period`: all of some days; `work`: what was recorded for one task, with its submission. */
    kind: z.enum(['period', 'work']),
    startsOn: dateSchema,
    endsOn: dateSchema,
    /** The zone by whose calendar the days are meant. */
    zone: z.string(),
    /** The days as instants, up to but without `endsAt`; null for `work`. */
    startsAt: instantSchema.nullable(),
    endsAt: instantSchema.nullable(),
    taskId: idSchema.nullable(),
    submissionId: idSchema.nullable(),
    note: z.string(),
    /** The project's terms when it was handed in; all null where hours are not rounded. */
    roundingMinutes: roundingMinutesSchema.nullable(),
    roundingMode: roundingModeSchema.nullable(),
    roundingPer: roundingPerSchema.nullable(),
    state: z.enum(['submitted', 'approved', 'returned', 'withdrawn']),
    submittedAt: instantSchema,
    decidedBy: idSchema.nullable(),
    decidedAt: instantSchema.nullable(),
    decisionNote: z.string().nullable(),
    /** What was approved, by its hash: the entries as the employer saw them. */
    contentHash: z.string().nullable(),
  }),
  /** What the employer says of one entry of a timesheet. */
  timesheetComments: z.object({
    ...rowKey,
    timesheetId: idSchema,
    timeEntryId: idSchema,
    text: z.string(),
    createdBy: idSchema,
    createdAt: instantSchema,
  }),
  /** A change of approved time, which the employer answers; nothing is changed before that. */
  timeChangeRequests: z.object({
    ...rowKey,
    engagementId: idSchema,
    /** The approved timesheet that it is about. */
    timesheetId: idSchema.nullable(),
    membershipId: idSchema,
    /** `TimeChange` */
    changeJson: z.string(),
    reason: z.string(),
    /** 1 where it was made as a plain change, on a device that had not heard of the approval. */
    cameLate: z.union([z.literal(0), z.literal(1)]),
    state: z.enum(['waiting', 'accepted', 'declined', 'withdrawn']),
    createdAt: instantSchema,
    decidedBy: idSchema.nullable(),
    decidedAt: instantSchema.nullable(),
    decisionNote: z.string().nullable(),
  }),
} as const;
