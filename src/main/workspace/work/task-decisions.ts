import type { Seat } from '../seats/seat.ts';
import { computeTaskCondition, type TaskFilter } from './task-filter.ts';

/** What has been handed in for a task, and decided on it. */
export interface TaskDecisions {
  readonly newestSubmissionId: string;
  readonly newestRevision: number;
  /** The decision that counts on the newest submission; null when there is none yet. */
  readonly newestDecision: 'accepted' | 'changes_requested' | null;
  readonly hasAcceptedRevision: boolean;
  /** Counting decisions for changes, over all revisions. */
  readonly roundsUsed: number;
}

export const nothingHandedIn = {
  newestRevision: null,
  newestDecision: null,
  hasAcceptedRevision: false,
  roundsUsed: 0,
} as const;

/** By task id; tasks without a submission are not in it. Two reads, however many tasks. */
export async function loadTaskDecisions(
  seat: Seat,
  filter: TaskFilter,
): Promise<Map<string, TaskDecisions>> {
  const submissions = await seat.db
    .selectFrom('submissions')
    .select(['id', 'taskId', 'revision'])
    .where('orgId', '=', seat.record.orgId)
    .where(computeTaskCondition(seat, filter, 'submissions.taskId'))
    .orderBy('revision')
    .orderBy('receivedAt')
    .execute();
  const reviews = await seat.db
    .selectFrom('reviews')
    .select(['submissionId', 'taskId', 'decision'])
    .where('orgId', '=', seat.record.orgId)
    .where('counts', '=', 1)
    .where(computeTaskCondition(seat, filter, 'reviews.taskId'))
    .execute();
  const decisions = new Map(reviews.map((review) => [review.submissionId, review.decision]));
  const accepted = new Set<string>();
  const rounds = new Map<string, number>();
  for (const { taskId, decision } of reviews) {
    if (decision === 'accepted') accepted.add(taskId);
    else rounds.set(taskId, (rounds.get(taskId) ?? 0) + 1);
  }
  const found = new Map<string, TaskDecisions>();
  // In ascending order: the newest revision of a task is the last one set.
  for (const { id, taskId, revision } of submissions)
    found.set(taskId, {
      newestSubmissionId: id,
      newestRevision: revision,
      newestDecision: decisions.get(id) ?? null,
      hasAcceptedRevision: accepted.has(taskId),
      roundsUsed: rounds.get(taskId) ?? 0,
    });
  return found;
}

/** The newest revision lies with the employer, whatever became of the task meanwhile (SY-8). */
export function isWaitingForDecision(decisions: TaskDecisions | undefined): boolean {
  return decisions !== undefined && decisions.newestDecision === null;
}
