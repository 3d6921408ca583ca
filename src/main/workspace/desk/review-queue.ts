import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { readInOneState } from '../work/kept-read.ts';
import { loadPeopleByMembership } from '../work/people-names.ts';
import { loadSubmissions } from '../work/submissions.ts';
import { computeDue } from '../work/due-calculator.ts';
import { isWaitingForDecision, loadTaskDecisions } from '../work/task-decisions.ts';
import { loadTaskItems } from '../work/task-list.ts';

type QueueEntry = RequestOutput<'review.queue'>['waiting'][number];

/** How many of the last decisions the queue shows below what waits. */
const decidedShown = 50;

/** Whoever was promised nothing stands in the line as if an answer were due after so long. */
const unspokenMs = 3 * 24 * 60 * 60_000;

/**
 * The newest revision of each task, while nobody has decided on it, by the answer that is due first, then by age. On
 * tasks that were cancelled or accepted meanwhile, too: what was handed in is never hidden (SY-8).
 */
async function loadWaitingIds(seat: Seat, turns: Pausing): Promise<string[]> {
  const undecided = await seat.db
    .selectFrom('submissions')
    .select(['id', 'taskId', 'claimedAt', 'receivedAt', 'promisedWall', 'promisedZone'])
    .where('orgId', '=', seat.record.orgId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('reviews')
            .select('reviews.id')
            .whereRef('reviews.orgId', '=', 'submissions.orgId')
            .whereRef('reviews.submissionId', '=', 'submissions.id')
            .where('reviews.counts', '=', 1),
        ),
      ),
    )
    .execute();
  await turns.pass();
  const taskIds = [...new Set(undecided.map(({ taskId }) => taskId))];
  const decisions = await loadTaskDecisions(seat, { taskIds });
  return undecided
    .filter(({ id, taskId }) => {
      const decided = decisions.get(taskId);
      return isWaitingForDecision(decided) && decided?.newestSubmissionId === id;
    })
    .map((row) => ({ id: row.id, place: computePlace(row) }))
    .sort((left, right) => (left.place < right.place ? -1 : 1))
    .map(({ id }) => id);
}

interface HandedIn {
  readonly claimedAt: string;
  readonly receivedAt: string | null;
  readonly promisedWall: string | null;
  readonly promisedZone: string | null;
}

/** By the server's clock, by which everyone waits in line; by the device's until it has arrived. */
function computePlace({ claimedAt, receivedAt, promisedWall, promisedZone }: HandedIn): string {
  const handedInAt = receivedAt ?? claimedAt;
  const answerBy =
    promisedWall === null || promisedZone === null
      ? computeIsoInstant(computeEpochMs(handedInAt) + unspokenMs)
      : computeDue({ wall: promisedWall, zone: promisedZone }, []).instant;
  return `${answerBy} ${handedInAt}`;
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

/** @param limit how many of what waits are sent; all of them are counted. */
export async function loadQueue(
  workspace: Workspace,
  seat: Seat,
  limit: number,
): Promise<RequestOutput<'review.queue'>> {
  return readInOneState([seat], (turns) => readQueue(workspace, seat, limit, turns));
}

async function readQueue(
  workspace: Workspace,
  seat: Seat,
  limit: number,
  turns: Pausing,
): Promise<RequestOutput<'review.queue'>> {
  const now = computeNow(workspace);
  const allWaitingIds = await loadWaitingIds(seat, turns);
  const waitingIds = allWaitingIds.slice(0, limit);
  const decidedIds = await loadDecidedIds(seat);
  await turns.pass();
  const submissionIds = [...new Set([...waitingIds, ...decidedIds])];
  const submissions = await loadSubmissions(workspace, seat, { submissionIds }, turns);
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
  return {
    waiting: pick(waitingIds),
    waitingTotal: allWaitingIds.length,
    decided: pick(decidedIds),
  };
}
