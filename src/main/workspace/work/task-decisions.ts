import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { createKeptRead, readInOneState } from './kept-read.ts';
import { computeTaskCondition, isUnfiltered, type TaskFilter } from './task-filter.ts';

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

interface HandedIn {
  readonly id: string;
  readonly taskId: string;
  readonly revision: number;
  readonly receivedAt: string | null;
}

interface Decided {
  readonly submissionId: string;
  readonly taskId: string;
  readonly decision: 'accepted' | 'changes_requested';
}

/** Whether it came after the other of the same task: by its revision, then by its receipt. */
export function isNewer(left: Omit<HandedIn, 'id'>, right: Omit<HandedIn, 'id'>): boolean {
  if (left.revision !== right.revision) return left.revision > right.revision;
  return (left.receivedAt ?? '') >= (right.receivedAt ?? '');
}

/** By task id; tasks without a submission are not in it. The submissions in any order; of the reviews, those that count. */
export function computeTaskDecisions(
  submissions: readonly HandedIn[],
  reviews: readonly Decided[],
): Map<string, TaskDecisions> {
  const decisions = new Map(reviews.map((review) => [review.submissionId, review.decision]));
  const accepted = new Set<string>();
  const rounds = new Map<string, number>();
  for (const { taskId, decision } of reviews) {
    if (decision === 'accepted') accepted.add(taskId);
    else rounds.set(taskId, (rounds.get(taskId) ?? 0) + 1);
  }
  const newest = new Map<string, HandedIn>();
  for (const submission of submissions) {
    const known = newest.get(submission.taskId);
    if (known === undefined || isNewer(submission, known))
      newest.set(submission.taskId, submission);
  }
  const found = new Map<string, TaskDecisions>();
  for (const [taskId, { id, revision }] of newest)
    found.set(taskId, {
      newestSubmissionId: id,
      newestRevision: revision,
      newestDecision: decisions.get(id) ?? null,
      hasAcceptedRevision: accepted.has(taskId),
      roundsUsed: rounds.get(taskId) ?? 0,
    });
  return found;
}

/**
 * As `computeTaskDecisions`, of what this seat holds. Two reads, however many tasks; those of all tasks are kept until
 * something changes.
 */
export async function loadTaskDecisions(
  seat: Seat,
  filter: TaskFilter,
): Promise<ReadonlyMap<string, TaskDecisions>> {
  return isUnfiltered(filter)
    ? loadAllDecisions(seat)
    : readInOneState([seat], (turns) => readTaskDecisions(seat, filter, turns));
}

const loadAllDecisions = createKeptRead((seat, turns) => readTaskDecisions(seat, {}, turns));

async function readTaskDecisions(
  seat: Seat,
  filter: TaskFilter,
  turns: Pausing,
): Promise<Map<string, TaskDecisions>> {
  // Not in the database's order: to sort ten thousand takes it longer than to read them.
  const submissions = await seat.db
    .selectFrom('submissions')
    .select(['id', 'taskId', 'revision', 'receivedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where(computeTaskCondition(seat, filter, 'submissions.taskId'))
    .execute();
  await turns.pass();
  const reviews = await seat.db
    .selectFrom('reviews')
    .select(['submissionId', 'taskId', 'decision'])
    .where('orgId', '=', seat.record.orgId)
    .where('counts', '=', 1)
    .where(computeTaskCondition(seat, filter, 'reviews.taskId'))
    .execute();
  await turns.pass();
  return computeTaskDecisions(submissions, reviews);
}

/** The newest revision lies with the employer, whatever became of the task meanwhile (SY-8). */
export function isWaitingForDecision(decisions: TaskDecisions | undefined): boolean {
  return decisions !== undefined && decisions.newestDecision === null;
}
