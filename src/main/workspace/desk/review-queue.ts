import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Submission } from '../../../shared/contract/shapes.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadPeopleByMembership } from '../work/people-names.ts';
import { loadSubmissions } from '../work/submissions.ts';
import { isWaitingForDecision, loadTaskDecisions } from '../work/task-decisions.ts';
import { loadTaskItems } from '../work/task-list.ts';

type QueueEntry = RequestOutput<'review.queue'>['waiting'][number];

/** How many of the last decisions the queue shows below what waits. */
const decidedShown = 50;

/** Whoever was promised nothing stands in the line as if an answer were due after so long. */
const unspokenMs = 3 * 24 * 60 * 60_000;

/**
 * The newest revision of each task, while nobody has decided on it. On tasks that were cancelled or accepted
 * meanwhile, too: what was handed in is never hidden (SY-8).
 */
async function loadWaitingIds(seat: Seat): Promise<string[]> {
  const decisions = await loadTaskDecisions(seat, {});
  return [...decisions.values()]
    .filter(isWaitingForDecision)
    .map(({ newestSubmissionId }) => newestSubmissionId);
}

/** Newest decision first. */
async function loadDecidedIds(seat: Seat): Promise<string[]> {
  const rows = await seat.db
    .selectFrom('reviews')
    .select('submissionId')
    .where('orgId', '=', seat.record.orgId)
    .where('counts', '=', 1)
    .orderBy((where) => where.fn.coalesce('receivedAt', 'claimedAt'), 'desc')
    .limit(decidedShown)
    .execute();
  return rows.map(({ submissionId }) => submissionId);
}

/** Who is at which submission, by its id; what has expired is left out. */
export async function loadReviewers(
  seat: Seat,
  now: string,
): Promise<Map<string, NonNullable<QueueEntry['reviewer']>>> {
  const claims = await seat.db
    .selectFrom('reviewClaims')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('expiresAt', '>', now)
    .execute();
  if (claims.length === 0) return new Map();
  const people = await loadPeopleByMembership(seat);
  return new Map(
    claims.map((claim) => [
      claim.submissionId,
      {
        name: people.get(claim.heldBy)?.name ?? '',
        isSelf: claim.heldBy === seat.record.membershipId,
        since: claim.heldSince,
        until: claim.expiresAt,
      },
    ]),
  );
}

/** When it reached the server, by which everyone waits in line; by the device's clock until then. */
const computeHandedInAt = (submission: Submission): string =>
  submission.receivedAt ?? submission.claimedAt;

const computeAnswerBy = (submission: Submission): string =>
  submission.answerBy?.instant ??
  computeIsoInstant(computeEpochMs(computeHandedInAt(submission)) + unspokenMs);

/** By the answer that is due first, then by age. */
function compareWaiting(left: QueueEntry, right: QueueEntry): number {
  const [leftKey, rightKey] = [left, right].map(
    ({ submission }) => `${computeAnswerBy(submission)} ${computeHandedInAt(submission)}`,
  );
  return (leftKey ?? '') < (rightKey ?? '') ? -1 : 1;
}

export async function loadQueue(
  workspace: Workspace,
  seat: Seat,
): Promise<RequestOutput<'review.queue'>> {
  const now = computeNow(workspace);
  const waitingIds = await loadWaitingIds(seat);
  const decidedIds = await loadDecidedIds(seat);
  const submissions = await loadSubmissions(workspace, seat, {
    submissionIds: [...new Set([...waitingIds, ...decidedIds])],
  });
  const taskIds = [...new Set(submissions.map(({ taskId }) => taskId))];
  const tasks = await loadTaskItems(seat, { taskIds }, now);
  const taskById = new Map(tasks.map((task) => [task.taskId, task]));
  const reviewers = await loadReviewers(seat, now);
  const entries = new Map<string, QueueEntry>();
  for (const submission of submissions) {
    const task = taskById.get(submission.taskId);
    const reviewer = reviewers.get(submission.submissionId) ?? null;
    if (task !== undefined) entries.set(submission.submissionId, { submission, task, reviewer });
  }
  const pick = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const entry = entries.get(id);
      return entry === undefined ? [] : [entry];
    });
  return { waiting: pick(waitingIds).sort(compareWaiting), decided: pick(decidedIds) };
}
