import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Submission } from '../../../shared/contract/shapes.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { getSubmission, loadSubmissions } from '../work/submissions.ts';
import { isWaitingForDecision, loadTaskDecisions } from '../work/task-decisions.ts';
import { getTaskRow, loadTaskItems } from '../work/task-list.ts';

type ReviewRequests = Record<
  'review.queue' | 'review.decide' | 'submission.decideLateness',
  unknown
>;
type QueueEntry = RequestOutput<'review.queue'>['waiting'][number];

/** How many of the last decisions the queue shows below what waits. */
const decidedShown = 50;

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

/** When it reached the server, by which everyone waits in line; by the device's clock until then. */
const computeHandedInAt = (submission: Submission): string =>
  submission.receivedAt ?? submission.claimedAt;

async function loadQueue(workspace: Workspace, seat: Seat): Promise<RequestOutput<'review.queue'>> {
  const waitingIds = await loadWaitingIds(seat);
  const decidedIds = await loadDecidedIds(seat);
  const submissions = await loadSubmissions(workspace, seat, {
    submissionIds: [...new Set([...waitingIds, ...decidedIds])],
  });
  const taskIds = [...new Set(submissions.map(({ taskId }) => taskId))];
  const tasks = await loadTaskItems(seat, { taskIds }, computeNow(workspace));
  const taskById = new Map(tasks.map((task) => [task.taskId, task]));
  const entries = new Map<string, QueueEntry>();
  for (const submission of submissions) {
    const task = taskById.get(submission.taskId);
    if (task !== undefined) entries.set(submission.submissionId, { submission, task });
  }
  const pick = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const entry = entries.get(id);
      return entry === undefined ? [] : [entry];
    });
  const waiting = pick(waitingIds).sort((left, right) =>
    computeHandedInAt(left.submission) < computeHandedInAt(right.submission) ? -1 : 1,
  );
  return { waiting, decided: pick(decidedIds) };
}

export const reviewHandlers = {
  'review.queue': async ({ seatId }, workspace) => loadQueue(workspace, getSeat(workspace, seatId)),

  'review.decide': async ({ seatId, comments, ...decision }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { randomness } = workspace.ports;
    const submission = await getSubmission(workspace, seat, decision.submissionId);
    const { title } = await getTaskRow(seat, submission.taskId);
    const reviewId = randomness.uuid();
    await seat.mutate(
      'review.decide',
      {
        ...decision,
        reviewId,
        comments: comments.map((comment) => ({ ...comment, id: randomness.uuid() })),
      },
      { subject: title },
    );
    return { reviewId };
  },

  'submission.decideLateness': async ({ seatId, ...decision }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const submission = await getSubmission(workspace, seat, decision.submissionId);
    const { title } = await getTaskRow(seat, submission.taskId);
    await seat.mutate('submission.decideLateness', decision, { subject: title });
    return {};
  },
} satisfies HandlersOf<ReviewRequests>;
