import { z } from 'zod';
import { amendmentStateSchema, sideSchema } from '../domain/agreement.ts';
import { evaluationContentSchema } from '../domain/evaluation.ts';
import { dateSchema, idSchema, instantSchema } from '../domain/fields.ts';

/** What the two sides agreed on, handed in as hours, and said of each other: the newer parts of a bundle. */

export const amendmentSchema = z
  .object({
    id: idSchema,
    taskId: idSchema.nullable().describe('The task that gave rise to it.'),
    proposedBy: z.string(),
    proposedSide: sideSchema,
    reason: z.string(),
    changes: z.unknown().describe('What it changes: each term with its value before and after.'),
    state: amendmentStateSchema,
    proposedAt: instantSchema,
    decidedBy: z.string().nullable(),
    decidedAt: instantSchema.nullable(),
    decisionReason: z.string().nullable(),
  })
  .meta({ id: 'amendment' });

export const timesheetSchema = z
  .object({
    id: idSchema,
    kind: z.enum(['period', 'work']),
    startsOn: dateSchema,
    endsOn: dateSchema,
    zone: z.string(),
    taskId: idSchema.nullable(),
    submissionId: idSchema.nullable(),
    note: z.string(),
    rounding: z
      .object({ minutes: z.int(), mode: z.string(), per: z.string() })
      .nullable()
      .describe('As the terms said when it was handed in; null where hours count to the second.'),
    state: z.enum(['submitted', 'approved', 'returned', 'withdrawn']),
    submittedAt: instantSchema,
    decidedBy: z.string().nullable(),
    decidedAt: instantSchema.nullable(),
    decisionNote: z.string().nullable(),
    contentHash: z.string().nullable().describe('Of the entries as they were approved.'),
    comments: z.array(
      z.object({ timeEntryId: idSchema, text: z.string(), by: z.string(), at: instantSchema }),
    ),
  })
  .meta({ id: 'timesheet' });

export const timeChangeSchema = z
  .object({
    id: idSchema,
    timesheetId: idSchema.nullable(),
    change: z.unknown(),
    reason: z.string(),
    cameLate: z.boolean(),
    state: z.enum(['waiting', 'accepted', 'declined', 'withdrawn']),
    requestedAt: instantSchema,
    decidedBy: z.string().nullable(),
    decidedAt: instantSchema.nullable(),
    decisionNote: z.string().nullable(),
  })
  .meta({ id: 'timeChange' });

export const evaluationSchema = z
  .object({
    id: idSchema,
    side: sideSchema,
    by: z.string(),
    content: evaluationContentSchema,
    writtenAt: instantSchema,
    openedAt: instantSchema,
    afterOpening: z.boolean().describe("Written when the other side's could be read already."),
  })
  .meta({ id: 'evaluation' });
/** A question on a task, with the answers to it. */
export const questionSchema = z
  .object({
    id: idSchema,
    text: z.string().describe('Markdown.'),
    askedBy: z.string(),
    askedAt: instantSchema,
    answers: z.array(
      z.object({
        id: idSchema,
        text: z.string().describe('Markdown.'),
        answeredBy: z.string(),
        answeredAt: instantSchema,
        briefVersionId: idSchema
          .nullable()
          .describe('The version of the brief that the answer was made part of.'),
      }),
    ),
  })
  .meta({ id: 'question' });
export type BundledQuestion = z.infer<typeof questionSchema>;

export type BundledEvaluation = z.infer<typeof evaluationSchema>;
export type BundledTimesheet = z.infer<typeof timesheetSchema>;
export type BundledAmendment = z.infer<typeof amendmentSchema>;
export type BundledTimeChange = z.infer<typeof timeChangeSchema>;
