import type { Budget, Engagement } from '../../../shared/contract/shapes.ts';
import { readEndReason } from '../../../shared/domain/end-reason.ts';
import { computeTaskState } from '../../../shared/domain/task-state.ts';
import { StintError } from '../../../shared/errors.ts';
import { computePay } from '../../../shared/mutations/project-mutations.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { createKeptRead, readInOneState } from './kept-read.ts';
import { loadPeopleByMembership } from './people-names.ts';
import { isWaitingForDecision, loadTaskDecisions, type TaskDecisions } from './task-decisions.ts';
import { loadWorkedHours, noHours } from './worked-hours.ts';

export interface EngagementFilter {
  readonly engagementId?: string | undefined;
  readonly projectId?: string | undefined;
}

interface Progress {
  taskCount: number;
  acceptedCount: number;
  waitingForReviewCount: number;
}

/**
 * How far each engagement's tasks are, by engagement id. Cancelled tasks don't count; work that waits for
 * a decision does, even on a cancelled task.
 */
async function loadProgress(
  seat: Seat,
  filter: EngagementFilter,
  known: ReadonlyMap<string, TaskDecisions> | undefined,
  turns: Pausing,
): Promise<Map<string, Progress>> {
  let query = seat.db
    .selectFrom('tasks')
    .select(['id', 'engagementId', 'cancelledAt'])
    .where('orgId', '=', seat.record.orgId);
  if (filter.engagementId !== undefined)
    query = query.where('engagementId', '=', filter.engagementId);
  const tasks = await query.execute();
  await turns.pass();
  const decisions = known ?? (await loadTaskDecisions(seat, filter));
  const progress = new Map<string, Progress>();
  for (const task of tasks) {
    await turns.pass();
    const counted = progress.get(task.engagementId) ?? {
      taskCount: 0,
      acceptedCount: 0,
      waitingForReviewCount: 0,
    };
    progress.set(task.engagementId, counted);
    const decided = decisions.get(task.id);
    const state = computeTaskState({
      isCancelled: task.cancelledAt !== null,
      hasSubmission: decided !== undefined,
      newestDecision: decided?.newestDecision ?? null,
      hasAcceptedRevision: decided?.hasAcceptedRevision ?? false,
      hasBegun: false,
    });
    if (state !== 'cancelled') counted.taskCount += 1;
    if (state === 'accepted') counted.acceptedCount += 1;
    if (isWaitingForDecision(decided)) counted.waitingForReviewCount += 1;
  }
  return progress;
}

async function loadEngagementRows(seat: Seat, filter: EngagementFilter) {
  let query = seat.db
    .selectFrom('engagements')
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .selectAll('engagements')
    .select('projects.title as projectTitle')
    .where('engagements.orgId', '=', seat.record.orgId)
    .orderBy('engagements.createdAt')
    .orderBy('engagements.id');
  if (filter.engagementId !== undefined)
    query = query.where('engagements.id', '=', filter.engagementId);
  if (filter.projectId !== undefined)
    query = query.where('engagements.projectId', '=', filter.projectId);
  return query.execute();
}

export type EngagementBudget = Pick<
  Engagement,
  'engagementId' | 'projectTitle' | 'status' | 'pay' | 'budget'
>;

/** Of each engagement only what its hours are measured by: no task is read for it. In the order in which they were made. */
export async function loadEngagementBudgets(
  seat: Seat,
  filter: EngagementFilter,
): Promise<EngagementBudget[]> {
  const rows = await loadEngagementRows(seat, filter);
  const hours = await loadWorkedHours(seat);
  return rows.map((row) => ({
    engagementId: row.id,
    projectTitle: row.projectTitle ?? '',
    status: row.status,
    pay: computePay(row),
    budget: { budgetMinutes: row.hourBudgetMinutes, ...(hours.get(row.id) ?? noHours) },
  }));
}

/**
 * A seat's engagements with their budgets and progress, in the order in which they were made. All of a seat's are kept
 * until something changes.
 *
 * @param known what was decided on the tasks, where that is read already.
 */
export async function loadEngagements(
  seat: Seat,
  filter: EngagementFilter,
  known?: ReadonlyMap<string, TaskDecisions>,
): Promise<Engagement[]> {
  if (filter.engagementId !== undefined || filter.projectId !== undefined)
    return readInOneState(
      [seat],
      (turns) => readEngagements(seat, filter, known, turns),
      loadWorkedHours,
    );
  return [...(await loadAllEngagements(seat))];
}

const loadAllEngagements = createKeptRead(
  (seat, turns) => readEngagements(seat, {}, undefined, turns),
  loadWorkedHours,
);

async function readEngagements(
  seat: Seat,
  filter: EngagementFilter,
  known: ReadonlyMap<string, TaskDecisions> | undefined,
  turns: Pausing,
): Promise<Engagement[]> {
  const rows = await loadEngagementRows(seat, filter);
  if (rows.length === 0) return [];
  await turns.pass();
  const people = await loadPeopleByMembership(seat);
  await turns.pass();
  const progress = await loadProgress(seat, filter, known, turns);
  const hours = await loadWorkedHours(seat);
  return rows.map((row): Engagement => {
    const budget: Budget = {
      budgetMinutes: row.hourBudgetMinutes,
      ...(hours.get(row.id) ?? noHours),
    };
    const member = row.membershipId === null ? undefined : people.get(row.membershipId);
    return {
      seatId: seat.record.seatId,
      engagementId: row.id,
      projectId: row.projectId,
      projectTitle: row.projectTitle ?? '',
      intern: member ?? {
        membershipId: row.membershipId,
        name: row.invitedName,
        email: row.invitedEmail,
        timeZone: null,
      },
      status: row.status,
      pay: computePay(row),
      budget,
      startsOn: row.startsOn,
      endsOn: row.endsOn,
      ...(progress.get(row.id) ?? { taskCount: 0, acceptedCount: 0, waitingForReviewCount: 0 }),
      agreedAt: row.agreedAt,
      endedAt: row.endedAt,
      endReason: readEndReason(row.endReason),
      agreedScope: row.scopeText,
    };
  });
}

/** @throws StintError `not_found`. */
export async function getEngagement(seat: Seat, engagementId: string): Promise<Engagement> {
  const [engagement] = await loadEngagements(seat, { engagementId });
  if (engagement === undefined)
    throw new StintError(
      'not_found',
      `there is no engagement ${engagementId} in this organization`,
      { field: 'engagementId' },
    );
  return engagement;
}
