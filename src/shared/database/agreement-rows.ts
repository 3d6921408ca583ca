import { z } from 'zod';
import { amendmentStateSchema, sideSchema } from '../domain/agreement.ts';
import { idSchema, instantSchema } from '../domain/fields.ts';

const rowKey = { orgId: idSchema, id: idSchema, scope: z.string().max(80) };
const flag = z.union([z.literal(0), z.literal(1)]);

/** What the two sides agree on, and what they say of each other in the end. */
export const agreementRowSchemas = {
  /** A change to what was agreed, proposed by one side and confirmed by the other. */
  amendments: z.object({
    ...rowKey,
    engagementId: idSchema,
    /** The task that gave rise to it. */
    taskId: idSchema.nullable(),
    proposedBy: idSchema,
    proposedSide: sideSchema,
    reason: z.string(),
    /** `AmendmentChanges` */
    changesJson: z.string(),
    state: amendmentStateSchema,
    createdAt: instantSchema,
    decidedBy: idSchema.nullable(),
    decidedAt: instantSchema.nullable(),
    decisionReason: z.string().nullable(),
  }),
  /** A task that is assigned again and again in a project; for the employer alone. */
  taskTemplates: z.object({
    ...rowKey,
    projectId: idSchema,
    title: z.string(),
    instructions: z.string(),
    /** `string[]`, the criteria's texts */
    criteriaJson: z.string(),
    estimateMinutes: z.int().nullable(),
    /** Due so many days after the engagement's begin, at `dueTime` in the project's zone. */
    dueDays: z.int(),
    dueTime: z.string(),
    position: z.int(),
    createdBy: idSchema,
    createdAt: instantSchema,
    removedAt: instantSchema.nullable(),
  }),
  /**
   * What one side says of the other. A sealed one lies in a scope that the other side never pulls; when both
   * are opened, the server writes each again into the engagement's scope.
   */
  evaluations: z.object({
    ...rowKey,
    engagementId: idSchema,
    side: sideSchema,
    writtenBy: idSchema,
    /** The newest of a side counts; those before it are kept. */
    revision: z.int(),
    /** `EvaluationContent` */
    contentJson: z.string(),
    claimedAt: instantSchema,
    createdAt: instantSchema,
    /** When it was opened to the other side; null while it is sealed. */
    openedAt: instantSchema.nullable(),
    /** 1 where it was given when the other side's could be read already. */
    afterOpening: flag,
  }),
} as const;
