import { z } from 'zod';
import { sideSchema } from '../domain/agreement.ts';
import { evaluationContentSchema } from '../domain/evaluation.ts';
import { idSchema, instantSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema, syncMarkSchema } from './shapes.ts';

export const evaluationSchema = z.object({
  side: sideSchema,
  byName: z.string(),
  content: evaluationContentSchema,
  writtenAt: instantSchema,
  /** Given when the other side's could be read already. */
  isAfterOpening: z.boolean(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** Before it is opened: what this side alone can read. */
const ownEvaluationSchema = evaluationSchema.extend({
  /** Whether the person of this seat wrote it. */
  isSelf: z.boolean(),
});
export type OwnEvaluation = z.infer<typeof ownEvaluationSchema>;

const engagementEvaluationsSchema = z.object({
  engagementId: idSchema,
  projectTitle: z.string(),
  organizationName: z.string(),
  /** Whose words this seat writes. */
  ownSide: sideSchema,
  /** What this side wrote last; sealed while `opened` has none of it. Null where it wrote nothing. */
  own: ownEvaluationSchema.extend({ mark: syncMarkSchema }).nullable(),
  /** What other people of this side wrote before that, of each the newest: it is kept, and not opened. */
  keptBeside: z.array(ownEvaluationSchema),
  /** What both sides can read; empty while it is sealed. */
  opened: z.array(evaluationSchema),
  /** When what was written is opened in any case; null while the engagement goes on. */
  opensAt: instantSchema.nullable(),
  /** Whether this side may write now. */
  canWrite: z.boolean(),
});
export type EngagementEvaluations = z.infer<typeof engagementEvaluationsSchema>;

/** What each side says of the other when an engagement has ended. */
export const evaluationRequests = {
  'evaluation.get': defineRequest(
    'The evaluations of one engagement, as far as this seat may read them',
    z.object({ seatId: seatIdSchema, engagementId: idSchema }),
    engagementEvaluationsSchema,
  ),
  'evaluation.list': defineRequest(
    'The evaluations of all completed engagements of a seat, the last to end first',
    z.object({ seatId: seatIdSchema }),
    z.array(engagementEvaluationsSchema),
  ),
  'evaluation.write': defineRequest(
    'Says what this side thinks of the other; sealed until both have spoken, or fourteen days after the end',
    z.object({ seatId: seatIdSchema, engagementId: idSchema, content: evaluationContentSchema }),
    z.object({}),
  ),
  'engagement.consequences': defineRequest(
    'What ending an engagement would leave open, counted',
    z.object({ seatId: seatIdSchema, engagementId: idSchema }),
    z.object({
      openTasks: z.int(),
      acceptedTasks: z.int(),
      unreviewedSubmissions: z.int(),
      /** Worked time that no approved timesheet holds. */
      unapprovedSeconds: z.int(),
      /** Files of submissions and references that are not on the server whole yet. */
      filesOnTheirWay: z.int(),
      openAmendments: z.int(),
    }),
  ),
} as const;
