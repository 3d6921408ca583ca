import { z } from 'zod';
import { idSchema, instantSchema } from '../domain/fields.ts';

const rowKey = { orgId: idSchema, id: idSchema, scope: z.string().max(80) };

/** What goes back and forth about tasks, and what reviewers keep for themselves. */
export const deskRowSchemas = {
  /** An intern's question on a task. */
  questions: z.object({
    ...rowKey,
    taskId: idSchema,
    text: z.string(),
    askedBy: idSchema,
    claimedAt: instantSchema,
    createdAt: instantSchema,
  }),
  /** An answer to one; a later one corrects it, and both are kept. */
  answers: z.object({
    ...rowKey,
    questionId: idSchema,
    taskId: idSchema,
    text: z.string(),
    answeredBy: idSchema,
    claimedAt: instantSchema,
    createdAt: instantSchema,
    /** The version of the brief that quotes it; null while none does. */
    briefVersionId: idSchema.nullable(),
  }),
  /** An intern asks for more time on a task; granted, it becomes a row of `extensions`. */
  extensionRequests: z.object({
    ...rowKey,
    taskId: idSchema,
    days: z.int(),
    minutes: z.int(),
    reason: z.string(),
    /** The version of the brief that gave rise to it. */
    briefVersionId: idSchema.nullable(),
    requestedBy: idSchema,
    createdAt: instantSchema,
    state: z.enum(['open', 'granted', 'declined', 'withdrawn']),
    decidedBy: idSchema.nullable(),
    decidedAt: instantSchema.nullable(),
    decisionReason: z.string().nullable(),
    extensionId: idSchema.nullable(),
  }),
  /** Words that reviewers write again and again; the managers share them. */
  phrases: z.object({
    ...rowKey,
    text: z.string(),
    createdBy: idSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
    removedAt: instantSchema.nullable(),
  }),
  /** Who looks at a submission right now; its id is the submission's. For the employer alone. */
  reviewClaims: z.object({
    ...rowKey,
    submissionId: idSchema,
    heldBy: idSchema,
    heldSince: instantSchema,
    expiresAt: instantSchema,
  }),
} as const;
