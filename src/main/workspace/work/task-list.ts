import { sql } from 'kysely';
import type { TaskItem } from '../../../shared/contract/shapes.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeTaskState, type TaskState } from '../../../shared/domain/task-state.ts';
import { readDependencies } from '../../../shared/domain/task-dependencies.ts';
import type { Seat } from '../seats/seat.ts';
import { computeDue } from './due-calculator.ts';
import { loadOrganizationName, loadPeopleByMembership } from './people-names.ts';
import { loadSyncMarks } from './sync-marks.ts';
import { loadTaskDecisions, nothingHandedIn } from './task-decisions.ts';
import { computeTaskCondition, type TaskFilter } from './task-filter.ts';
import { loadWorkedSecondsOfAllTasks } from './worked-hours.ts';

/** The states in which the work lies with the intern, so that a deadline can be missed. */
const openStates: readonly TaskState[] = ['to_do', 'in_progress', 'changes_requested'];

async function loadTaskRows(seat: Seat, filter: TaskFilter) {
  return seat.db
    .selectFrom('tasks')
    .innerJoin('deadlines', (join) =>
      join
        .onRef('deadlines.orgId', '=', 'tasks.orgId')
        .onRef('deadlines.id', '=', 'tasks.deadlineId'),
    )
    .select([
      'tasks.id',
      'tasks.engagementId',
      'tasks.title',
      'tasks.estimateMinutes',
      'tasks.briefVersionId',
      'tasks.cancelledAt',
      'tasks.position',
      'tasks.dependsOnJson',
      'deadlines.wall',
      'deadlines.zone',
    ])
    .where('tasks.orgId', '=', seat.record.orgId)
    .where(computeTaskCondition(seat, filter, 'tasks.id'))
    .execute();
}

async function loadEngagementsById(seat: Seat) {
  const rows = await seat.db
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
      'projects.title as projectTitle',
    ])
    .where('engagements.orgId', '=', seat.record.orgId)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

async function loadExtensionsByTask(seat: Seat, filter: TaskFilter) {
  const rows = await seat.db
    .selectFrom('extensions')
    .select(['taskId', 'days', 'minutes'])
    .where('orgId', '=', seat.record.orgId)
    .where(computeTaskCondition(seat, filter, 'extensions.taskId'))
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return Map.groupBy(rows, (row) => row.taskId);
}

/** Whole seconds of each task's entries, overlaps counted once for each (as `computeWorkedSeconds`). */
async function loadWorkedSecondsByTask(
  seat: Seat,
  filter: TaskFilter,
): Promise<ReadonlyMap<string, number>> {
  if (filter.taskIds === undefined) return loadWorkedSecondsOfAllTasks(seat);
  const rows = await seat.db
    .selectFrom('timeEntries')
    .select([
      'taskId',
      sql<number>`round(sum(unixepoch("endedAt", 'subsec') - unixepoch("startedAt", 'subsec')))`.as(
        'seconds',
      ),
    ])
    .where('orgId', '=', seat.record.orgId)
    .where('deletedAt', 'is', null)
    .where(computeTaskCondition(seat, filter, 'timeEntries.taskId'))
    .groupBy('taskId')
    .execute();
  return new Map(rows.map((row) => [row.taskId, row.seconds]));
}

/**
 * The tasks on which something was prepared: a note, a tick, a file, a running timer. Drafts are the
 * intern's alone, so an employer's device simply holds none.
 */
async function loadPreparedTaskIds(seat: Seat, filter: TaskFilter): Promise<Set<string>> {
  const { orgId } = seat.record;
  const drafts = await seat.db
    .selectFrom('drafts')
    .select('taskId')
    .where('orgId', '=', orgId)
    .where((where) => where.or([where('note', '!=', ''), where('tickedJson', '!=', '[]')]))
    .where(computeTaskCondition(seat, filter, 'drafts.taskId'))
    .execute();
  const files = await seat.db
    .selectFrom('attachments')
    .select('taskId')
    .distinct()
    .where('orgId', '=', orgId)
    .where('ownerKind', '=', 'draft')
    .where('removedAt', 'is', null)
    .where(computeTaskCondition(seat, filter, 'attachments.taskId'))
    .execute();
  const timers = await seat.db.selectFrom('timers').select('taskId').execute();
  return new Set([...drafts, ...files, ...timers].map((row) => row.taskId));
}

/** The pairs of task and brief version that somebody has marked as seen. */
async function loadSeenBriefs(seat: Seat, filter: TaskFilter): Promise<Set<string>> {
  const rows = await seat.db
    .selectFrom('briefAcknowledgements')
    .select(['taskId', 'briefVersionId'])
    .where('orgId', '=', seat.record.orgId)
    .where(computeTaskCondition(seat, filter, 'briefAcknowledgements.taskId'))
    .execute();
  return new Set(rows.map((row) => `${row.taskId}/${row.briefVersionId}`));
}

/**
 * A seat's tasks, by deadline, then title. A fixed number of reads however many tasks there are;
 * instructions and manifests are not read.
 *
 * @param now the present instant, which decides what is overdue.
 */
export async function loadTaskItems(
  seat: Seat,
  filter: TaskFilter,
  now: string,
): Promise<TaskItem[]> {
  const tasks = await loadTaskRows(seat, filter);
  if (tasks.length === 0) return [];
  const organizationName = await loadOrganizationName(seat);
  const engagements = await loadEngagementsById(seat);
  const people = await loadPeopleByMembership(seat);
  const extensions = await loadExtensionsByTask(seat, filter);
  const decisions = await loadTaskDecisions(seat, filter);
  const workedSeconds = await loadWorkedSecondsByTask(seat, filter);
  const prepared = await loadPreparedTaskIds(seat, filter);
  const seenBriefs = await loadSeenBriefs(seat, filter);
  const marks = await loadSyncMarks(seat, 'tasks');

  const items = tasks.flatMap((task): TaskItem[] => {
    const engagement = engagements.get(task.engagementId);
    // Its page has not come yet; a moment later it has.
    if (engagement === undefined) return [];
    const decided = decisions.get(task.id) ?? nothingHandedIn;
    const worked = workedSeconds.get(task.id) ?? 0;
    const due = computeDue(task, extensions.get(task.id) ?? []);
    const state = computeTaskState({
      isCancelled: task.cancelledAt !== null,
      hasSubmission: decided.newestRevision !== null,
      newestDecision: decided.newestDecision,
      hasAcceptedRevision: decided.hasAcceptedRevision,
      hasBegun: worked > 0 || prepared.has(task.id),
    });
    const intern =
      engagement.membershipId === null ? undefined : people.get(engagement.membershipId);
    return [
      {
        seatId: seat.record.seatId,
        taskId: task.id,
        engagementId: task.engagementId,
        projectId: engagement.projectId,
        title: task.title,
        organizationName,
        projectTitle: engagement.projectTitle ?? '',
        internName: intern?.name ?? engagement.invitedName,
        state,
        due,
        isOverdue: due.instant < now && openStates.includes(state),
        hasUnseenBrief: !seenBriefs.has(`${task.id}/${task.briefVersionId}`),
        estimateMinutes: task.estimateMinutes,
        workedSeconds: worked,
        newestRevision: decided.newestRevision,
        position: task.position,
        dependsOn: readDependencies(task.dependsOnJson),
        waitsFor: [],
        mark: marks.get(task.id),
      },
    ];
  });
  await addWaitsFor(seat, items);
  return items.sort(compareByDue);
}

/** What each task waits for: of the tasks before it, those that are neither accepted nor cancelled. */
async function addWaitsFor(seat: Seat, items: TaskItem[]): Promise<void> {
  const taskIds = [...new Set(items.flatMap(({ dependsOn }) => dependsOn))];
  if (taskIds.length === 0) return;
  const rows = await seat.db
    .selectFrom('tasks')
    .select(['id', 'title'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', 'in', taskIds)
    .where('cancelledAt', 'is', null)
    .execute();
  const decisions = await loadTaskDecisions(seat, { taskIds });
  const open = new Map(
    rows
      .filter(({ id }) => decisions.get(id)?.hasAcceptedRevision !== true)
      .map(({ id, title }) => [id, { taskId: id, title }]),
  );
  for (const item of items)
    item.waitsFor = item.dependsOn.flatMap((id) => {
      const before = open.get(id);
      return before === undefined ? [] : [before];
    });
}

const titleOrder = new Intl.Collator(undefined, { numeric: true });

/** By deadline, then title; ids decide between equals, so that pages never overlap. */
export function compareByDue(left: TaskItem, right: TaskItem): number {
  if (left.due.instant !== right.due.instant) return left.due.instant < right.due.instant ? -1 : 1;
  return titleOrder.compare(left.title, right.title) || (left.taskId < right.taskId ? -1 : 1);
}

/** @throws StintError `not_found` when this seat holds no such task. */
export async function getTaskItem(seat: Seat, taskId: string, now: string): Promise<TaskItem> {
  const [item] = await loadTaskItems(seat, { taskIds: [taskId] }, now);
  if (item === undefined) throw describeMissingTask(taskId);
  return item;
}

/** The task's own row. @throws StintError `not_found`. */
export async function getTaskRow(seat: Seat, taskId: string) {
  const row = await seat.db
    .selectFrom('tasks')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  if (row === undefined) throw describeMissingTask(taskId);
  return row;
}

function describeMissingTask(taskId: string): StintError {
  return new StintError('not_found', `there is no task ${taskId} in this organization`, {
    field: 'taskId',
  });
}
