import { z } from 'zod';
import { bundledRevisionsSchema } from '../domain/bundle-options.ts';
import { remarkSchema } from '../domain/annotation.ts';
import {
  categorySchema,
  dateSchema,
  idSchema,
  instantSchema,
  paySchema,
  roleSchema,
  sha256Schema,
  sizeBytesSchema,
} from '../domain/fields.ts';
import { rubricSchema } from '../domain/rubric.ts';
import { receiptStatementSchema } from '../domain/receipt.ts';
import {
  decidedVerdictSchema,
  submissionMarkSchema,
  submissionVerdictSchema,
} from '../domain/submission-marks.ts';
import { taskStates } from '../domain/task-state.ts';
import { verdictInputsSchema } from '../domain/verdict.ts';
import {
  amendmentSchema,
  evaluationSchema,
  questionSchema,
  timeChangeSchema,
  timesheetSchema,
} from './agreement-parts.ts';

const personSchema = z
  .object({
    membershipId: idSchema.nullable().describe("The person's membership in the organization."),
    name: z.string(),
    email: z.string().nullable(),
    timeZone: z.string().nullable().describe('IANA time zone.'),
    role: roleSchema.nullable(),
  })
  .meta({ id: 'person' });

const fileSchema = z
  .object({
    attachmentId: idSchema,
    name: z.string().describe("The file's own name, exactly as it was given."),
    path: z
      .string()
      .nullable()
      .describe('Where it lies, from the folder of this document; null when it is missing.'),
    sha256: sha256Schema,
    sizeBytes: sizeBytesSchema,
    mediaType: z.string(),
  })
  .meta({ id: 'file' });
export type BundledFile = z.infer<typeof fileSchema>;

const deadlineSchema = z
  .object({
    id: idSchema,
    wall: z.string().describe('Wall time in the zone, such as 2026-03-29T17:00.'),
    zone: z.string().describe('IANA time zone.'),
    setAt: instantSchema,
    setBy: z.string(),
  })
  .meta({ id: 'deadline' });

const receiptSchema = z
  .object({
    id: idSchema,
    statement: receiptStatementSchema,
    statementJson: z
      .string()
      .nullable()
      .describe(
        'The statement as it was signed: canonical JSON (RFC 8785), in UTF-8; null where names were taken out of it.',
      ),
    statementSha256: sha256Schema.describe('Of the statement as it was signed, in UTF-8.'),
    keyId: z.string(),
    signature: z
      .string()
      .nullable()
      .describe('Ed25519 (RFC 8032) over statementJson, base64; null without that.'),
    issuedAt: instantSchema,
  })
  .meta({ id: 'receipt' });

const reviewSchema = z
  .object({
    id: idSchema,
    decision: z.enum(['accepted', 'changes_requested']),
    counts: z
      .boolean()
      .describe(
        'Of several decisions on one submission, the first that reached the server counts.',
      ),
    comment: z.string(),
    comments: z.array(remarkSchema),
    reviewer: z.string(),
    manifestHash: sha256Schema.describe('The manifest that the reviewer looked at.'),
    claimedAt: instantSchema.describe("By the reviewer's clock."),
    receivedAt: instantSchema.nullable().describe("By the server's clock; null until it arrived."),
  })
  .meta({ id: 'review' });
export type BundledReview = z.infer<typeof reviewSchema>;

const submissionSchema = z
  .object({
    id: idSchema,
    revision: z.int(),
    folder: z.string().describe('From the folder of this document.'),
    briefVersionId: idSchema.describe('The version of the brief that it answers.'),
    note: z.string(),
    tickedCriterionIds: z.array(idSchema),
    files: z.array(fileSchema),
    manifestHash: sha256Schema,
    workedSeconds: z
      .int()
      .nullable()
      .describe('Time recorded on the task when it was handed in; null in a bundle without hours.'),
    claimedAt: instantSchema.describe("By the intern's clock."),
    receivedAt: instantSchema.nullable().describe("By the server's clock; null until it arrived."),
    verdict: submissionVerdictSchema
      .nullable()
      .describe('As the server made it, once; latenessDecision counts where there is one.'),
    verdictInputs: verdictInputsSchema
      .nullable()
      .describe('What the verdict was made from; null where that was not kept.'),
    latenessDecision: z
      .object({
        verdict: decidedVerdictSchema,
        reason: z.string(),
        decidedAt: instantSchema,
        decidedBy: z.string(),
      })
      .nullable()
      .describe('What the employer decided where the clocks contradict each other.'),
    marks: z.array(submissionMarkSchema).describe('What was different when it arrived.'),
    filesCompleteAt: instantSchema.nullable(),
    receipt: receiptSchema.nullable(),
    reviews: z.array(reviewSchema),
  })
  .meta({ id: 'submission' });
export type BundledSubmission = z.infer<typeof submissionSchema>;

const briefVersionSchema = z
  .object({
    id: idSchema,
    version: z.int(),
    path: z.string(),
    instructions: z.string().describe('Markdown.'),
    criteria: z.array(z.object({ id: idSchema, text: z.string() })),
    writtenAt: instantSchema,
    writtenBy: z.string(),
  })
  .meta({ id: 'briefVersion' });
export type BundledBrief = z.infer<typeof briefVersionSchema>;

const taskSchema = z
  .object({
    id: idSchema,
    number: z.int(),
    title: z.string(),
    folder: z.string().describe('From the folder of this document.'),
    state: z.enum(taskStates),
    estimateMinutes: z.int().nullable(),
    workedSeconds: z.int().nullable().describe('Null in a bundle without hours.'),
    due: z.object({
      wall: z.string().describe('The current deadline with its extensions.'),
      zone: z.string(),
      instant: instantSchema,
    }),
    deadlines: z.array(deadlineSchema).describe('Every deadline the task has had, oldest first.'),
    extensions: z.array(
      z.object({
        days: z.int(),
        minutes: z.int(),
        reason: z.string(),
        givenAt: instantSchema,
        givenBy: z.string(),
      }),
    ),
    briefVersions: z.array(briefVersionSchema),
    currentBriefVersionId: idSchema,
    acknowledgements: z.array(
      z.object({ briefVersionId: idSchema, by: z.string(), at: instantSchema }),
    ),
    // Bundles made before questions went into them have none.
    questions: z.array(questionSchema).default([]),
    references: z.array(fileSchema),
    submissions: z.array(submissionSchema),
    assignedAt: instantSchema,
    assignedBy: z.string(),
    cancelledAt: instantSchema.nullable(),
  })
  .meta({ id: 'task' });
export type BundledTask = z.infer<typeof taskSchema>;

const timeEntrySchema = z
  .object({
    id: idSchema,
    taskId: idSchema,
    startedAt: instantSchema,
    endedAt: instantSchema,
    seconds: z.int(),
    zone: z.string().describe("The zone of the intern's clock when the entry was made."),
    source: z.enum(['timer', 'manual']),
    note: z.string(),
  })
  .meta({ id: 'timeEntry' });

const missingFileSchema = z
  .object({
    path: z.string().describe('Where it would lie in this bundle.'),
    name: z.string(),
    sha256: sha256Schema,
    sizeBytes: sizeBytesSchema,
    reason: z.enum(['not_on_the_server_yet', 'could_not_be_fetched']),
  })
  .meta({ id: 'missingFile' });
export type MissingFile = z.infer<typeof missingFileSchema>;

/**
 * `engagement.json`: one engagement as its bundle holds it. Instants are ISO 8601 in UTC with
 * milliseconds, lists are oldest first, and nothing in it depends on the computer that exported it.
 */
export const engagementDocumentSchema = z
  .object({
    format: z.literal('stint-engagement'),
    version: z.literal(2).describe('Raised when a reader of the version before could misread it.'),
    contents: z
      .object({
        revisions: z.union([bundledRevisionsSchema, z.literal('chosen')]),
        hours: z.boolean(),
        evaluations: z.boolean(),
        namesRedacted: z
          .boolean()
          .describe(
            "People's names are invented ones; the contents of files are as they were handed in.",
          ),
      })
      .describe('What was chosen for this bundle.'),
    organization: z.object({
      id: idSchema,
      name: z.string(),
      timeZone: z.string(),
      receiptKey: z.object({
        id: z.string(),
        algorithm: z.literal('Ed25519'),
        publicKeySpki: z.string().describe('SubjectPublicKeyInfo (RFC 8410), base64.'),
      }),
    }),
    project: z.object({
      id: idSchema,
      title: z.string(),
      brief: z.string().describe('Markdown.'),
      category: categorySchema,
      categoryName: z.string().nullable(),
      hourBudgetMinutes: z.int(),
      pay: paySchema,
      timeZone: z.string(),
      startsOn: dateSchema,
      endsOn: dateSchema,
      graceMinutes: z.int(),
      latePolicy: z.string(),
      roundsIncluded: z.int(),
      rubric: rubricSchema,
      createdAt: instantSchema,
      closedAt: instantSchema.nullable(),
    }),
    engagement: z.object({
      id: idSchema,
      status: z.enum(['invited', 'active', 'completed', 'withdrawn']),
      intern: personSchema,
      hourBudgetMinutes: z.int(),
      pay: paySchema,
      startsOn: dateSchema,
      endsOn: dateSchema,
      createdAt: instantSchema,
      agreedAt: instantSchema.nullable(),
      endedAt: instantSchema.nullable(),
      endReason: z.string().nullable(),
      scope: z
        .string()
        .nullable()
        .describe('What the work is, as agreed; null where only the brief says.'),
      agreement: z
        .unknown()
        .describe('The terms as they were offered and confirmed; null where none were recorded.'),
      confirmedHash: z.string().nullable().describe('Of the terms that the intern confirmed.'),
    }),
    employers: z.array(personSchema),
    tasks: z.array(taskSchema),
    amendments: z.array(amendmentSchema),
    timeEntries: z.array(timeEntrySchema),
    timesheets: z.array(timesheetSchema),
    timeChanges: z.array(timeChangeSchema),
    evaluations: z.array(evaluationSchema),
    totals: z
      .object({
        workedSeconds: z.int().describe('The sum of all entries.'),
        coveredSeconds: z.int().describe('The same with overlapping time counted once.'),
      })
      .nullable()
      .describe('Null in a bundle without hours.'),
    missing: z
      .array(missingFileSchema)
      .describe('Files that belong here and could not be had when the bundle was made.'),
    newestAt: instantSchema.describe('The newest moment in the data.'),
  })
  .meta({ title: 'Stint engagement, version 2' });
export type EngagementDocument = z.infer<typeof engagementDocumentSchema>;

/**
 * `engagement.schema.json`: JSON Schema 2020-12. It allows members that it does not name, so that a
 * reader made today accepts what is added tomorrow.
 */
export function computeEngagementJsonSchema(): unknown {
  return z.toJSONSchema(engagementDocumentSchema, { target: 'draft-2020-12', io: 'input' });
}
