import { z } from 'zod';
import { getRow } from '../database/mutation-store.ts';
import { idSchema } from '../domain/fields.ts';
import { decidedVerdictSchema } from '../domain/submission-marks.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles } from './mutation.ts';
import { assertSameWords } from './same-decision.ts';

export const latenessReasonSchema = z
  .string()
  .trim()
  .min(1, 'expected a reason: the intern reads it')
  .max(2000, 'expected at most 2,000 characters');

/**
 * SY-18: where the clocks contradict each other, the employer says whether the work counts as on time. The server's
 * verdict stays as it was made; the first decision in the server's order counts, and the same one again changes nothing.
 */
export const decideLateness = defineMutation({
  name: 'submission.decideLateness',
  version: 1,
  schema: z.object({
    submissionId: idSchema,
    verdict: decidedVerdictSchema,
    reason: latenessReasonSchema,
  }),
  by: employerRoles,
  label: 'Decide whether work was on time',
  async apply(store, { submissionId, verdict, reason }, context) {
    const submission = await getRow(store, 'submissions', submissionId);
    if (submission.verdict !== 'clock_inconsistent')
      throw new StintError(
        'conflict',
        'only where the clocks contradict each other does the employer decide; the verdict on this submission stands',
      );
    if (submission.decidedVerdict !== null) {
      if (submission.decidedVerdict === verdict) {
        assertSameWords(submission.decisionReason, reason);
        return;
      }
      throw new StintError(
        'conflict',
        `somebody decided before that this submission counts as ${submission.decidedVerdict === 'on_time' ? 'on time' : 'late'}; the first decision stands`,
      );
    }
    await store.patch('submissions', submissionId, {
      decidedVerdict: verdict,
      decidedBy: context.actor.membershipId,
      decidedAt: context.at,
      decisionReason: reason,
    });
  },
});
