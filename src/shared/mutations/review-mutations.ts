import { z } from 'zod';
import { getRow } from '../database/mutation-store.ts';
import { idSchema, sha256Schema, textSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles } from './mutation.ts';

/** A remark on one criterion, on one file, or (with neither) on the work as a whole. */
export const reviewCommentSchema = z.object({
  id: idSchema,
  criterionId: idSchema.nullable(),
  attachmentId: idSchema.nullable(),
  text: textSchema.min(1).max(20_000),
});
export type ReviewComment = z.infer<typeof reviewCommentSchema>;

/**
 * A decision on one submission, naming the manifest that was looked at. The first decision in the
 * server's order counts; one that comes after it is kept and marked as not counting.
 */
export const decideReview = defineMutation({
  name: 'review.decide',
  version: 1,
  schema: z.object({
    reviewId: idSchema,
    submissionId: idSchema,
    manifestHash: sha256Schema,
    decision: z.enum(['accepted', 'changes_requested']),
    comment: textSchema,
    comments: z.array(reviewCommentSchema).max(500),
    /** Accepting a revision that is not the newest needs the person's confirmation. */
    confirmedNotNewest: z.boolean(),
  }),
  by: employerRoles,
  label: 'Review a submission',
  async apply(store, args, context) {
    const submission = await getRow(store, 'submissions', args.submissionId);
    if (submission.manifestHash !== args.manifestHash)
      throw new StintError('conflict', 'the review names another manifest than the submission has');
    if (
      args.decision === 'changes_requested' &&
      args.comment.trim() === '' &&
      args.comments.length === 0
    )
      throw new StintError(
        'invalid_input',
        'say what should change, in the comment or on a criterion',
        {
          field: 'comment',
        },
      );
    const others = await store.db
      .selectFrom('submissions')
      .select('revision')
      .where('orgId', '=', store.orgId)
      .where('taskId', '=', submission.taskId)
      .where('revision', '>', submission.revision)
      .limit(1)
      .execute();
    // SY-15: what was decided once, while it was the newest, needs no confirmation when it comes again.
    const isConfirmed = args.confirmedNotNewest || context.acknowledged !== null;
    if (args.decision === 'accepted' && others.length > 0 && !isConfirmed)
      throw new StintError(
        'conflict',
        `revision ${submission.revision} is not the newest any more; accepting it needs a confirmation`,
        { field: 'confirmedNotNewest' },
      );
    const earlier = await store.db
      .selectFrom('reviews')
      .select('id')
      .where('orgId', '=', store.orgId)
      .where('submissionId', '=', submission.id)
      .limit(1)
      .execute();
    await store.insert('reviews', {
      orgId: store.orgId,
      id: args.reviewId,
      scope: submission.scope,
      submissionId: submission.id,
      taskId: submission.taskId,
      manifestHash: args.manifestHash,
      decision: args.decision,
      comment: args.comment,
      commentsJson: JSON.stringify(args.comments),
      counts: earlier.length === 0 ? 1 : 0,
      createdBy: context.actor.membershipId,
      claimedAt: context.claimedAt,
      receivedAt: context.receivedAt,
    });
  },
});
