import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { remarkSchema, type Remark } from '../domain/annotation.ts';
import { idSchema, sha256Schema, textSchema, type Criterion } from '../domain/fields.ts';
import { rubricScoreSchema } from '../domain/rubric-score.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles, type MutationContext } from './mutation.ts';
import { releaseClaim } from './review-claims.ts';

/** A remark on one criterion, on one file, or (with neither) on the work as a whole. */
export const reviewCommentSchema = z.object({
  id: idSchema,
  criterionId: idSchema.nullable(),
  attachmentId: idSchema.nullable(),
  text: textSchema.min(1).max(20_000),
});

interface DecisionArguments {
  readonly reviewId: string;
  readonly submissionId: string;
  readonly manifestHash: string;
  readonly decision: 'accepted' | 'changes_requested';
  readonly comment: string;
  readonly confirmedNotNewest: boolean;
}

/** What holds for a decision in every version of it. */
async function getSubmissionToDecide(
  store: MutationStore,
  args: DecisionArguments,
  context: MutationContext,
): Promise<DomainRow<'submissions'>> {
  const submission = await getRow(store, 'submissions', args.submissionId);
  if (submission.manifestHash !== args.manifestHash)
    throw new StintError('conflict', 'the review names another manifest than the submission has');
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
  return submission;
}

async function insertReview(
  store: MutationStore,
  submission: DomainRow<'submissions'>,
  args: DecisionArguments,
  details: Pick<DomainRow<'reviews'>, 'commentsJson' | 'scoresJson'>,
  context: MutationContext,
): Promise<void> {
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
    ...details,
    counts: earlier.length === 0 ? 1 : 0,
    createdBy: context.actor.membershipId,
    claimedAt: context.claimedAt,
    receivedAt: context.receivedAt,
  });
}

const decisionFields = {
  reviewId: idSchema,
  submissionId: idSchema,
  manifestHash: sha256Schema,
  decision: z.enum(['accepted', 'changes_requested']),
  comment: textSchema,
};
/** Accepting a revision that is not the newest needs the person's confirmation. */
const confirmedNotNewest = z.boolean();

/**
 * A decision on one submission, naming the manifest that was looked at. The first decision in the
 * server's order counts; one that comes after it is kept and marked as not counting.
 */
export const decideReviewV1 = defineMutation({
  name: 'review.decide',
  version: 1,
  schema: z.object({
    ...decisionFields,
    comments: z.array(reviewCommentSchema).max(500),
    confirmedNotNewest,
  }),
  by: employerRoles,
  label: 'Review a submission',
  async apply(store, args, context) {
    if (
      args.decision === 'changes_requested' &&
      args.comment.trim() === '' &&
      args.comments.length === 0
    )
      throw new StintError(
        'invalid_input',
        'say what should change, in the comment or on a criterion',
        { field: 'comment' },
      );
    const submission = await getSubmissionToDecide(store, args, context);
    const commentsJson = JSON.stringify(args.comments);
    await insertReview(store, submission, args, { commentsJson, scoresJson: null }, context);
  },
});

/** The ids of the criteria in this version of the brief. */
async function loadCriterionIds(
  store: MutationStore,
  briefVersionId: string,
): Promise<ReadonlySet<string>> {
  const brief = await store.find('briefVersions', briefVersionId);
  const criteria = JSON.parse(brief?.criteriaJson ?? '[]') as Criterion[];
  return new Set(criteria.map(({ id }) => id));
}

/**
 * Each change asked for is measured by a criterion of the brief: of the version that was answered, or of the one
 * that stands now. Where the answered one has none, its instructions may be what it is measured by, also after criteria
 * were added. What is new is no change to the work but to what was agreed, and goes as an amendment.
 */
async function assertChangesNamed(
  store: MutationStore,
  submission: DomainRow<'submissions'>,
  remarks: readonly Remark[],
): Promise<void> {
  const task = await getRow(store, 'tasks', submission.taskId);
  const answered = await loadCriterionIds(store, submission.briefVersionId);
  const current = await loadCriterionIds(store, task.briefVersionId);
  for (const [index, { kind, criterionId }] of remarks.entries()) {
    const isNamed = criterionId !== null && (answered.has(criterionId) || current.has(criterionId));
    if (criterionId !== null && !isNamed)
      throw new StintError('invalid_input', 'the brief has no such criterion', {
        field: `comments.${index}.criterionId`,
      });
    if (kind === 'change' && !isNamed && answered.size > 0)
      throw new StintError(
        'invalid_input',
        'say which criterion of the brief this change is about; what is new has to be agreed as an amendment',
        { field: `comments.${index}.criterionId` },
      );
  }
}

/** As version 1, with places in files, with scores, and with a criterion for each change. */
export const decideReview = defineMutation({
  name: 'review.decide',
  version: 2,
  schema: z.object({
    ...decisionFields,
    comments: z.array(remarkSchema).max(500),
    scores: z.array(rubricScoreSchema).max(50),
    confirmedNotNewest,
  }),
  by: employerRoles,
  label: 'Review a submission',
  async apply(store, args, context) {
    const asksForChanges = args.decision === 'changes_requested';
    const changes = args.comments.filter(({ kind }) => kind === 'change');
    if (asksForChanges && changes.length === 0)
      throw new StintError('invalid_input', 'say what should change, and by which criterion', {
        field: 'comments',
      });
    if (!asksForChanges && changes.length > 0)
      throw new StintError('invalid_input', 'what is accepted has no changes to ask for', {
        field: 'comments',
      });
    const submission = await getSubmissionToDecide(store, args, context);
    await assertChangesNamed(store, submission, args.comments);
    await insertReview(
      store,
      submission,
      args,
      {
        commentsJson: JSON.stringify(args.comments),
        scoresJson: args.scores.length === 0 ? null : JSON.stringify(args.scores),
      },
      context,
    );
    await releaseClaim(store, submission.id, context);
  },
});
