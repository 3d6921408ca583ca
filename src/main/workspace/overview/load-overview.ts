import { sql, type SqlBool } from 'kysely';
import type { OverviewRow } from '../../../shared/contract/overview-requests.ts';
import { hasEnded } from '../../../shared/domain/end-reason.ts';
import { computeTaskState } from '../../../shared/domain/task-state.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { computeDue } from '../work/due-calculator.ts';
import { readInOneState } from '../work/kept-read.ts';
import { loadPeopleByMembership } from '../work/people-names.ts';
import { computeTaskDecisions, isNewer, nothingHandedIn } from '../work/task-decisions.ts';
import { computeTaskCondition, type TaskFilter } from '../work/task-filter.ts';
import { loadWorkedHours, noHours } from '../work/worked-hours.ts';
import { computeWaiting, loadOtherTurns, type Turn } from './waiting.ts';

interface Tally {
  taskCount: number;
  acceptedCount: number;
  overdueCount: number;
  judgedCount: number;
  onTimeCount: number;
  nextDue: string | null;
  readonly turns: Turn[];
}

const createTally = (): Tally => ({
  taskCount: 0,
  acceptedCount: 0,
  overdueCount: 0,
  judgedCount: 0,
  onTimeCount: 0,
  nextDue: null,
  turns: [],
});

/**
 * A fixed number of reads, however many tasks and entries there are; the engagements in the order in which they were made.
 *
 * @param first only so many of those under way, of which alone the tasks are read.
 */
export async function loadOverview(
  seat: Seat,
  now: string,
  first?: number,
): Promise<OverviewRow[]> {
  return readInOneState([seat], (turns) => readOverview(seat, now, first, turns), loadWorkedHours);
}

async function readOverview(
  seat: Seat,
  now: string,
  first: number | undefined,
  turns: Pausing,
): Promise<OverviewRow[]> {
  const hours = await loadWorkedHours(seat);
  const people = await loadPeopleByMembership(seat);
  await turns.pass();
  const all = await loadEngagementRows(seat);
  await turns.pass();
  const engagements =
    first === undefined ? all : all.filter((row) => !hasEnded(row.status)).slice(0, first);
  const tallies = await loadTallies(
    seat,
    now,
    first === undefined ? undefined : engagements.map(({ id }) => id),
    turns,
  );
  const rows: OverviewRow[] = [];
  for (const row of engagements) {
    await turns.pass();
    const { turns: theirTurns, ...tally } = tallies.get(row.id) ?? createTally();
    const worked = hours.get(row.id) ?? noHours;
    const member = row.membershipId === null ? undefined : people.get(row.membershipId);
    rows.push({
      engagementId: row.id,
      projectId: row.projectId,
      projectTitle: row.title ?? '',
      membershipId: row.membershipId,
      internName: member?.name ?? row.invitedName,
      status: row.status,
      budget: { budgetMinutes: row.hourBudgetMinutes, ...worked },
      ...tally,
      ...(hasEnded(row.status) ? { overdueCount: 0, nextDue: null } : {}),
      waiting: computeWaiting(
        row.status === 'active'
          ? theirTurns
          : // What was handed in before an engagement ended is still to be decided on.
            theirTurns.filter(({ forWhom }) => forWhom === 'employer'),
      ),
    });
  }
  return rows;
}

async function loadEngagementRows(seat: Seat) {
  return seat.db
    .selectFrom('engagements')
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .select([
      'engagements.id',
      'engagements.projectId',
      'engagements.membershipId',
      'engagements.invitedName',
      'engagements.status',
      'engagements.hourBudgetMinutes',
      'projects.title',
    ])
    .where('engagements.orgId', '=', seat.record.orgId)
    .orderBy('engagements.createdAt')
    .orderBy('engagements.id')
    .execute();
}

/** @param engagementIds of which the tasks are meant; without them, all. */
async function loadTallies(
  seat: Seat,
  now: string,
  engagementIds: readonly string[] | undefined,
  turns: Pausing,
): Promise<Map<string, Tally>> {
  const { orgId } = seat.record;
  let query = seat.db
    .selectFrom('tasks')
    .select(['id', 'engagementId', 'deadlineId', 'cancelledAt', 'createdAt'])
    .where('orgId', '=', orgId);
  if (engagementIds !== undefined) query = query.where(isOneOf('engagementId', engagementIds));
  const tasks = await query.execute();
  await turns.pass();
  const filter: TaskFilter =
    engagementIds === undefined ? {} : { taskIds: tasks.map(({ id }) => id) };
  const deadlines = await loadDeadlines(
    seat,
    engagementIds === undefined ? undefined : tasks.map(({ deadlineId }) => deadlineId),
  );
  await turns.pass();
  const extensions = Map.groupBy(
    await seat.db
      .selectFrom('extensions')
      .select(['taskId', 'days', 'minutes'])
      .where('orgId', '=', orgId)
      .where(computeTaskCondition(seat, filter, 'extensions.taskId'))
      .orderBy('createdAt')
      .orderBy('id')
      .execute(),
    ({ taskId }) => taskId,
  );
  await turns.pass();
  const submissions = await loadSubmissions(seat, filter);
  await turns.pass();
  const reviews = await loadReviews(seat, filter);
  await turns.pass();
  const decisions = computeTaskDecisions(submissions, reviews);
  await turns.pass();
  const moments = computeMoments(submissions, reviews);
  const tallies = new Map<string, Tally>();
  const getTally = (engagementId: string): Tally => {
    const known = tallies.get(engagementId);
    if (known !== undefined) return known;
    const tally = createTally();
    tallies.set(engagementId, tally);
    return tally;
  };
  for (const task of tasks) {
    await turns.pass();
    const tally = getTally(task.engagementId);
    const decided = decisions.get(task.id) ?? nothingHandedIn;
    const moment = moments.get(task.id);
    const state = computeTaskState({
      isCancelled: task.cancelledAt !== null,
      hasSubmission: decided.newestRevision !== null,
      newestDecision: decided.newestDecision,
      hasAcceptedRevision: decided.hasAcceptedRevision,
      hasBegun: false,
    });
    if (moment?.isOnTime !== undefined) {
      tally.judgedCount += 1;
      if (moment.isOnTime) tally.onTimeCount += 1;
    }
    // The newest revision lies with the employer, whatever became of the task meanwhile (SY-8).
    if (decided.newestRevision !== null && decided.newestDecision === null)
      tally.turns.push({
        engagementId: task.engagementId,
        forWhom: 'employer',
        reason: 'review',
        since: moment?.handedInAt ?? task.createdAt,
      });
    if (state === 'cancelled') continue;
    tally.taskCount += 1;
    if (state === 'accepted') {
      tally.acceptedCount += 1;
      continue;
    }
    if (state === 'submitted') continue;
    const deadline = deadlines.get(task.deadlineId);
    // Its page has not come yet; a moment later it has.
    if (deadline === undefined) continue;
    const { instant } = computeDue(deadline, extensions.get(task.id) ?? []);
    if (instant < now) tally.overdueCount += 1;
    if (tally.nextDue === null || instant < tally.nextDue) tally.nextDue = instant;
    tally.turns.push({
      engagementId: task.engagementId,
      forWhom: 'intern',
      reason: state === 'changes_requested' ? 'changes' : 'tasks',
      since: state === 'changes_requested' ? (moment?.decidedAt ?? task.createdAt) : task.createdAt,
    });
  }
  for (const turn of await loadOtherTurns(seat)) getTally(turn.engagementId).turns.push(turn);
  return tallies;
}

/** One parameter, however many ids. */
const isOneOf = (column: string, ids: readonly string[]) =>
  sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(ids)}))`;

async function loadDeadlines(seat: Seat, ids: readonly string[] | undefined) {
  let query = seat.db
    .selectFrom('deadlines')
    .select(['id', 'wall', 'zone'])
    .where('orgId', '=', seat.record.orgId);
  if (ids !== undefined) query = query.where(isOneOf('id', ids));
  const rows = await query.execute();
  return new Map(rows.map((row) => [row.id, row]));
}

type HandedIn = Awaited<ReturnType<typeof loadSubmissions>>[number];
type Decided = Awaited<ReturnType<typeof loadReviews>>[number];

async function loadSubmissions(seat: Seat, filter: TaskFilter) {
  return seat.db
    .selectFrom('submissions')
    .select(['id', 'taskId', 'revision', 'claimedAt', 'receivedAt', 'verdict', 'decidedVerdict'])
    .where('orgId', '=', seat.record.orgId)
    .where(computeTaskCondition(seat, filter, 'submissions.taskId'))
    .execute();
}

/** Those that count. */
async function loadReviews(seat: Seat, filter: TaskFilter) {
  return seat.db
    .selectFrom('reviews')
    .select(['submissionId', 'taskId', 'decision', 'claimedAt', 'receivedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('counts', '=', 1)
    .where(computeTaskCondition(seat, filter, 'reviews.taskId'))
    .execute();
}

interface Moments {
  /** Of the newest revision. */
  readonly handedInAt: string;
  readonly decidedAt: string | undefined;
  /** Whether the first revision was on time; undefined while that is not known. */
  readonly isOnTime: boolean | undefined;
}

/** By task: when the newest revision came and was decided on, and whether the first was on time. */
function computeMoments(
  submissions: readonly HandedIn[],
  reviews: readonly Decided[],
): Map<string, Moments> {
  const ends = new Map<string, { first: HandedIn; newest: HandedIn }>();
  for (const row of submissions) {
    const known = ends.get(row.taskId);
    if (known === undefined) ends.set(row.taskId, { first: row, newest: row });
    else if (isNewer(row, known.newest)) known.newest = row;
    else if (isNewer(known.first, row)) known.first = row;
  }
  const decidedAt = new Map<string, string>();
  for (const { taskId, receivedAt, claimedAt } of reviews) {
    const at = receivedAt ?? claimedAt;
    if (at > (decidedAt.get(taskId) ?? '')) decidedAt.set(taskId, at);
  }
  return new Map(
    [...ends].map(([taskId, { first, newest }]) => {
      const verdict = first.decidedVerdict ?? first.verdict;
      const isJudged = verdict !== null && verdict !== 'clock_inconsistent';
      return [
        taskId,
        {
          handedInAt: newest.receivedAt ?? newest.claimedAt,
          decidedAt: decidedAt.get(taskId),
          isOnTime: isJudged ? verdict !== 'late' : undefined,
        },
      ];
    }),
  );
}
