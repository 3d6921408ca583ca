import { z } from 'zod';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { amendmentStateSchema, sideSchema } from '../../../shared/domain/agreement.ts';
import { evaluationContentSchema } from '../../../shared/domain/evaluation.ts';
import { dateSchema, idSchema, instantSchema } from '../../../shared/domain/fields.ts';
import type { EngagementRows } from './load-engagement-rows.ts';

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

type ComputeName = (membershipId: string) => string;

export function computeAmendments(
  rows: EngagementRows,
  computeName: ComputeName,
): BundledAmendment[] {
  return rows.amendments.map((row) => ({
    id: row.id,
    taskId: row.taskId,
    proposedBy: computeName(row.proposedBy),
    proposedSide: row.proposedSide,
    reason: row.reason,
    changes: JSON.parse(row.changesJson) as unknown,
    state: row.state,
    proposedAt: row.createdAt,
    ...computeDecision(row, computeName),
    decisionReason: row.decisionReason,
  }));
}

export function computeTimesheets(
  rows: EngagementRows,
  computeName: ComputeName,
): BundledTimesheet[] {
  return rows.timesheets.map((row) => ({
    id: row.id,
    kind: row.kind,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    zone: row.zone,
    taskId: row.taskId,
    submissionId: row.submissionId,
    note: row.note,
    rounding:
      row.roundingMinutes === null || row.roundingMode === null || row.roundingPer === null
        ? null
        : { minutes: row.roundingMinutes, mode: row.roundingMode, per: row.roundingPer },
    state: row.state,
    submittedAt: row.submittedAt,
    ...computeDecision(row, computeName),
    decisionNote: row.decisionNote,
    contentHash: row.contentHash,
    comments: rows.timesheetComments
      .filter(({ timesheetId }) => timesheetId === row.id)
      .map(({ timeEntryId, text, createdBy, createdAt }) => ({
        timeEntryId,
        text,
        by: computeName(createdBy),
        at: createdAt,
      })),
  }));
}

export function computeTimeChanges(
  rows: EngagementRows,
  computeName: ComputeName,
): z.infer<typeof timeChangeSchema>[] {
  return rows.timeChangeRequests.map((row) => ({
    id: row.id,
    timesheetId: row.timesheetId,
    change: JSON.parse(row.changeJson) as unknown,
    reason: row.reason,
    cameLate: row.cameLate === 1,
    state: row.state,
    requestedAt: row.createdAt,
    ...computeDecision(row, computeName),
    decisionNote: row.decisionNote,
  }));
}

export function computeQuestions(
  rows: EngagementRows,
  taskId: string,
  computeName: ComputeName,
): BundledQuestion[] {
  return rows.questions
    .filter((question) => question.taskId === taskId)
    .map((question) => ({
      id: question.id,
      text: question.text,
      askedBy: computeName(question.askedBy),
      askedAt: question.createdAt,
      answers: rows.answers
        .filter(({ questionId }) => questionId === question.id)
        .map((answer) => ({
          id: answer.id,
          text: answer.text,
          answeredBy: computeName(answer.answeredBy),
          answeredAt: answer.createdAt,
          briefVersionId: answer.briefVersionId,
        })),
    }));
}

/** What is open to both sides alone: what one has sealed is no part of what both have done. */
export function computeEvaluations(
  rows: EngagementRows,
  computeName: ComputeName,
): BundledEvaluation[] {
  return rows.evaluations.flatMap((row) => {
    const content = evaluationContentSchema.nullable().parse(JSON.parse(row.contentJson));
    // Erased on the writer's request.
    if (content === null || row.openedAt === null) return [];
    return [
      {
        id: row.id,
        side: row.side,
        by: computeName(row.writtenBy),
        content,
        writtenAt: row.claimedAt,
        openedAt: row.openedAt,
        afterOpening: row.afterOpening === 1,
      },
    ];
  });
}

function computeDecision(
  row: Pick<DomainRow<'amendments'>, 'decidedBy' | 'decidedAt'>,
  computeName: ComputeName,
): { decidedBy: string | null; decidedAt: string | null } {
  return {
    decidedBy: row.decidedBy === null ? null : computeName(row.decidedBy),
    decidedAt: row.decidedAt,
  };
}
