import { sql } from 'kysely';
import type { OverviewRow } from '../../../shared/contract/overview-requests.ts';
import { computeTaskState } from '../../../shared/domain/task-state.ts';
import type { Seat } from '../seats/seat.ts';
import { computeDue } from '../work/due-calculator.ts';
import { loadPeopleByMembership } from '../work/people-names.ts';
import { loadTaskDecisions, nothingHandedIn } from '../work/task-decisions.ts';
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

/** A fixed number of reads, however many tasks and entries there are; the engagements in the order in which they were made. */
export async function loadOverview(seat: Seat, now: string): Promise<OverviewRow[]> {
  const tallies = await loadTallies(seat, now);
  const hours = await loadWorkedHours(seat);
  const people = await loadPeopleByMembership(seat);
  const engagements = await seat.db
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
  return engagements.map((row): OverviewRow => {
    const { turns, ...tally } = tallies.get(row.id) ?? createTally();
    const worked = hours.get(row.id) ?? noHours;
    const member = row.membershipId === null ? undefined : people.get(row.membershipId);
    return {
      engagementId: row.id,
      projectId: row.projectId,
      projectTitle: row.title ?? '',
      membershipId: row.membershipId,
      internName: member?.name ?? row.invitedName,
      status: row.status,
      budget: { budgetMinutes: row.hourBudgetMinutes, ...worked },
      ...tally,
      waiting: computeWaiting(
        row.status === 'active'
          ? turns
          : // What was handed in before an engagement ended is still to be decided on.
            turns.filter(({ forWhom }) => forWhom === 'employer'),
      ),
    };
  });
}

async function loadTallies(seat: Seat, now: string): Promise<Map<string, Tally>> {
  const { orgId } = seat.record;
  const tasks = await seat.db
    .selectFrom('tasks')
    .innerJoin('deadlines', (join) =>
      join
        .onRef('deadlines.orgId', '=', 'tasks.orgId')
        .onRef('deadlines.id', '=', 'tasks.deadlineId'),
    )
    .select([
      'tasks.id',
      'tasks.engagementId',
      'tasks.cancelledAt',
      'tasks.createdAt',
      'deadlines.wall',
      'deadlines.zone',
    ])
    .where('tasks.orgId', '=', orgId)
    .execute();
  const extensions = Map.groupBy(
    await seat.db
      .selectFrom('extensions')
      .select(['taskId', 'days', 'minutes'])
      .where('orgId', '=', orgId)
      .orderBy('createdAt')
      .orderBy('id')
      .execute(),
    ({ taskId }) => taskId,
  );
  const decisions = await loadTaskDecisions(seat, {});
  const moments = await loadMoments(seat);
  const tallies = new Map<string, Tally>();
  const getTally = (engagementId: string): Tally => {
    const known = tallies.get(engagementId);
    if (known !== undefined) return known;
    const tally = createTally();
    tallies.set(engagementId, tally);
    return tally;
  };
  for (const task of tasks) {
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
    const { instant } = computeDue(task, extensions.get(task.id) ?? []);
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

interface Moments {
  /** Of the newest revision. */
  handedInAt: string;
  decidedAt?: string;
  /** Whether the first revision was on time; left out while that is not known. */
  isOnTime?: boolean;
}

/** By task: when the newest revision came and was decided on, and whether the first was on time. */
async function loadMoments(seat: Seat): Promise<Map<string, Moments>> {
  const { orgId } = seat.record;
  const submissions = await seat.db
    .selectFrom('submissions')
    .select(['taskId', 'revision', 'claimedAt', 'receivedAt', 'verdict', 'decidedVerdict'])
    .where('orgId', '=', orgId)
    .orderBy('revision')
    .orderBy('receivedAt')
    .execute();
  const moments = new Map<string, Moments>();
  for (const row of submissions) {
    const known = moments.get(row.taskId);
    const handedInAt = row.receivedAt ?? row.claimedAt;
    if (known !== undefined) {
      known.handedInAt = handedInAt;
      continue;
    }
    const verdict = row.decidedVerdict ?? row.verdict;
    const isJudged = verdict !== null && verdict !== 'clock_inconsistent';
    moments.set(row.taskId, { handedInAt, ...(isJudged ? { isOnTime: verdict !== 'late' } : {}) });
  }
  const reviews = await seat.db
    .selectFrom('reviews')
    .select(['taskId', sql<string>`max(coalesce("receivedAt", "claimedAt"))`.as('decidedAt')])
    .where('orgId', '=', orgId)
    .where('counts', '=', 1)
    .groupBy('taskId')
    .execute();
  for (const { taskId, decidedAt } of reviews) {
    const known = moments.get(taskId);
    if (known !== undefined) known.decidedAt = decidedAt;
  }
  return moments;
}
