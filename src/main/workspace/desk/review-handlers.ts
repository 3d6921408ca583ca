import type { reviewRequests } from '../../../shared/contract/review-requests.ts';
import type { Remark } from '../../../shared/domain/annotation.ts';
import { claimMs } from '../../../shared/mutations/review-claims.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { getSubmission } from '../work/submissions.ts';
import { loadSyncMarks } from '../work/sync-marks.ts';
import { getTaskRow } from '../work/task-list.ts';
import { loadQueue, loadReviewers } from './review-queue.ts';

type ReviewRequests = typeof reviewRequests & Record<'submission.decideLateness', unknown>;

/** The title under which a change to a submission stands among what waits. */
async function loadTitle(workspace: Workspace, seat: Seat, submissionId: string): Promise<string> {
  const submission = await getSubmission(workspace, seat, submissionId);
  return (await getTaskRow(seat, submission.taskId)).title;
}

const byText = new Intl.Collator(undefined, { numeric: true });

async function findPhrase(seat: Seat, phraseId: string): Promise<string | null> {
  const row = await seat.db
    .selectFrom('phrases')
    .select('text')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', phraseId)
    .executeTakeFirst();
  return row?.text ?? null;
}

export const reviewHandlers = {
  'review.queue': async ({ seatId, limit }, workspace) =>
    loadQueue(workspace, getSeat(workspace, seatId), limit),

  'review.decide': async ({ seatId, comments, ...decision }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { randomness } = workspace.ports;
    const subject = await loadTitle(workspace, seat, decision.submissionId);
    const reviewId = randomness.uuid();
    const asksForChanges = decision.decision === 'changes_requested';
    await seat.mutate(
      'review.decide',
      {
        ...decision,
        reviewId,
        comments: comments.map((comment): Remark => {
          const isOnCriterion = comment.criterionId !== null;
          return {
            ...comment,
            id: randomness.uuid(),
            kind: comment.kind ?? (asksForChanges && isOnCriterion ? 'change' : 'remark'),
          };
        }),
      },
      { subject },
    );
    return { reviewId };
  },

  'review.claim': async ({ seatId, ...claim }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const now = computeNow(workspace);
    const reviewer = (await loadReviewers(seat, now)).get(claim.submissionId);
    // Said lately, or not to be said: no change is made for it, and the log is spared.
    if (reviewer !== undefined) {
      const left = computeEpochMs(reviewer.until) - computeEpochMs(now);
      if (reviewer.isSelf ? left > claimMs / 2 : !claim.takesOver) return {};
    }
    const subject = await loadTitle(workspace, seat, claim.submissionId);
    await seat.mutate('review.claim', claim, { subject });
    return {};
  },

  'review.release': async ({ seatId, submissionId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const reviewer = (await loadReviewers(seat, computeNow(workspace))).get(submissionId);
    if (reviewer?.isSelf !== true) return {};
    const subject = await loadTitle(workspace, seat, submissionId);
    await seat.mutate('review.release', { submissionId }, { subject });
    return {};
  },

  'review.promise': async ({ seatId, ...promise }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = await loadTitle(workspace, seat, promise.submissionId);
    await seat.mutate('review.promise', promise, { subject });
    return {};
  },

  'phrase.list': async ({ seatId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const rows = await seat.db
      .selectFrom('phrases')
      .select(['id', 'text'])
      .where('orgId', '=', seat.record.orgId)
      .where('removedAt', 'is', null)
      .execute();
    const marks = await loadSyncMarks(seat, 'phrases');
    return rows
      .map(({ id, text }) => ({ phraseId: id, text, mark: marks.get(id) }))
      .sort((left, right) => byText.compare(left.text, right.text));
  },

  'phrase.save': async ({ seatId, phraseId: known, text }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const phraseId = known ?? workspace.ports.randomness.uuid();
    const seen = known === null ? null : await findPhrase(seat, known);
    await seat.mutate('phrase.save', { phraseId, text, seen }, { subject: text.slice(0, 60) });
    return { phraseId };
  },

  'phrase.remove': async ({ seatId, phraseId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const seen = (await findPhrase(seat, phraseId)) ?? '';
    await seat.mutate('phrase.remove', { phraseId, seen }, { subject: seen.slice(0, 60) });
    return {};
  },

  'submission.decideLateness': async ({ seatId, ...decision }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = await loadTitle(workspace, seat, decision.submissionId);
    await seat.mutate('submission.decideLateness', decision, { subject });
    return {};
  },
} satisfies HandlersOf<ReviewRequests>;
