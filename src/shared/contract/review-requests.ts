import { z } from 'zod';
import { remarkFields } from '../domain/annotation.ts';
import { deadlineSchema, idSchema, instantSchema, textSchema } from '../domain/fields.ts';
import { rubricScoreSchema } from '../domain/rubric-score.ts';
import { phraseTextSchema } from '../mutations/phrase-mutations.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema, submissionSchema, syncMarkSchema, taskItemSchema } from './shapes.ts';

const nothing = z.object({});
const seatOnly = z.object({ seatId: seatIdSchema });
const submissionKey = z.object({ seatId: seatIdSchema, submissionId: idSchema });

const queueEntrySchema = z.object({
  submission: submissionSchema,
  task: taskItemSchema,
  /** Who is at it right now, as far as this computer knows; null where nobody is. */
  reviewer: z
    .object({ name: z.string(), isSelf: z.boolean(), since: instantSchema, until: instantSchema })
    .nullable(),
});

export const phraseSchema = z.object({
  phraseId: idSchema,
  text: z.string(),
  mark: syncMarkSchema,
});

const { id: _, kind, selectors, ...remark } = remarkFields;

/** Reviewing what was handed in. */
export const reviewRequests = {
  'review.queue': defineRequest(
    'Submissions that wait for a decision, by the promised answer and by age, and those decided last',
    seatOnly.extend({ limit: z.int().min(1).max(100_000).default(100) }),
    z.object({
      /** The first of them, as many as were asked for. */
      waiting: z.array(queueEntrySchema),
      waitingTotal: z.int(),
      decided: z.array(queueEntrySchema),
    }),
  ),
  'review.decide': defineRequest(
    'Accepts a submission or requests changes, each of which names a criterion of the brief',
    z.object({
      seatId: seatIdSchema,
      submissionId: idSchema,
      manifestHash: z.string(),
      decision: z.enum(['accepted', 'changes_requested']),
      comment: textSchema,
      comments: z
        .array(
          z.object({
            ...remark,
            /** Where it is not said: what is said of a criterion in asking for changes is a change. */
            kind: kind.optional(),
            selectors: selectors.default([]),
          }),
        )
        .max(500),
      scores: z.array(rubricScoreSchema).max(50).default([]),
      confirmedNotNewest: z.boolean().default(false),
    }),
    z.object({ reviewId: idSchema }),
  ),
  'review.claim': defineRequest(
    'Tells the other managers that one is at this submission, for a quarter of an hour',
    submissionKey.extend({ takesOver: z.boolean().default(false) }),
    nothing,
  ),
  'review.release': defineRequest(
    'Tells the other managers that one is no longer at this submission',
    submissionKey,
    nothing,
  ),
  'review.promise': defineRequest(
    'Promises the intern an answer by a wall time in a zone',
    submissionKey.extend({ answerBy: deadlineSchema }),
    nothing,
  ),
  'phrase.list': defineRequest(
    'Saved phrases, in the order of their text',
    seatOnly,
    z.array(phraseSchema),
  ),
  'phrase.save': defineRequest(
    'Saves a phrase for all managers, or changes one',
    z.object({
      seatId: seatIdSchema,
      phraseId: idSchema.nullable().default(null),
      text: phraseTextSchema,
    }),
    z.object({ phraseId: idSchema }),
  ),
  'phrase.remove': defineRequest(
    'Removes a saved phrase',
    z.object({ seatId: seatIdSchema, phraseId: idSchema }),
    nothing,
  ),
} as const;
