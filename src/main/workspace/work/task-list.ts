import type { TaskItem } from '../../../shared/contract/shapes.ts';
import { hasEnded } from '../../../shared/domain/end-reason.ts';
import { StintError } from '../../../shared/errors.ts';
import type { TaskState } from '../../../shared/domain/task-state.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { readInOneState } from './kept-read.ts';
import { loadOrganizationName, loadPeopleByMembership } from './people-names.ts';
import { loadSyncMarks } from './sync-marks.ts';
import { loadTaskDecisions } from './task-decisions.ts';
import { computeTaskCondition, type TaskFilter } from './task-filter.ts';
import { loadTaskOutlines, type TaskOutline } from './task-outlines.ts';
import { loadWorkedHours } from './worked-hours.ts';

/** The states in which the work lies with the intern, so that a deadline can be missed. */
const openStates: readonly TaskState[] = ['to_do', 'in_progress', 'changes_requested'];

/** The tasks of which some version was seen, and each version: `TASK` and `TASK/VERSION`. */
async function loadSeenBriefs(seat: Seat, filter: TaskFilter): Promise<Set<string>> {
  const rows = await seat.db
    .selectFrom('briefAcknowledgements')
    .select(['taskId', 'briefVersionId'])
    .where('orgId', '=', seat.record.orgId)
    .where(computeTaskCondition(seat, filter, 'briefAcknowledgements.taskId'))
    .execute();
  return new Set(rows.flatMap((row) => [row.taskId, `${row.taskId}/${row.briefVersionId}`]));
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
  return readInOneState(
    [seat],
    async (turns) =>
      completeTaskItems(await loadTaskOutlines(seat, filter), now, { filter, turns }),
    filter.taskIds === undefined ? loadWorkedHours : undefined,
  );
}

/**
 * What the rows of a list show beside the outlines, in the same order. A fixed number of reads for each seat.
 *
 * @param options.filter with which the outlines were read, where they are all that it finds; without it, they are named.
 */
export async function completeTaskItems(
  outlines: readonly TaskOutline[],
  now: string,
  { filter, turns }: { readonly filter?: TaskFilter; readonly turns: Pausing },
): Promise<TaskItem[]> {
  const items = new Map<TaskOutline, TaskItem>();
  for (const [seat, ofSeat] of Map.groupBy(outlines, (outline) => outline.seat)) {
    const organizationName = await loadOrganizationName(seat);
    const people = await loadPeopleByMembership(seat);
    await turns.pass();
    const seenBriefs = await loadSeenBriefs(
      seat,
      filter ?? { taskIds: ofSeat.map(({ taskId }) => taskId) },
    );
    await turns.pass();
    const marks = await loadSyncMarks(seat, 'tasks');
    const waitsFor = await loadWaitsFor(seat, ofSeat);
    for (const outline of ofSeat) {
      await turns.pass();
      const { task, engagement, taskId, state, due } = outline;
      const isEngagementOver = hasEnded(engagement.status);
      const intern =
        engagement.membershipId === null ? undefined : people.get(engagement.membershipId);
      items.set(outline, {
        seatId: seat.record.seatId,
        taskId,
        engagementId: task.engagementId,
        projectId: engagement.projectId,
        title: task.title,
        organizationName,
        projectTitle: engagement.projectTitle ?? '',
        internName: intern?.name ?? engagement.invitedName,
        state,
        due,
        isOverdue: due.instant < now && openStates.includes(state) && !isEngagementOver,
        isEngagementOver,
        hasUnseenBrief: !seenBriefs.has(`${taskId}/${task.briefVersionId}`),
        isOpened: seenBriefs.has(taskId),
        estimateMinutes: task.estimateMinutes,
        workedSeconds: outline.workedSeconds,
        newestRevision: outline.newestRevision,
        position: task.position,
        dependsOn: outline.dependsOn,
        waitsFor: outline.dependsOn.flatMap((id) => waitsFor.get(id) ?? []),
        mark: marks.get(taskId),
      });
    }
  }
  return outlines.flatMap((outline) => items.get(outline) ?? []);
}

/** Of the tasks before the outlined ones, by their ids, those that are neither accepted nor cancelled. */
async function loadWaitsFor(
  seat: Seat,
  outlines: readonly TaskOutline[],
): Promise<Map<string, TaskItem['waitsFor'][number]>> {
  const taskIds = [...new Set(outlines.flatMap(({ dependsOn }) => dependsOn))];
  if (taskIds.length === 0) return new Map();
  const rows = await seat.db
    .selectFrom('tasks')
    .select(['id', 'title'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', 'in', taskIds)
    .where('cancelledAt', 'is', null)
    .execute();
  const decisions = await loadTaskDecisions(seat, { taskIds });
  return new Map(
    rows
      .filter(({ id }) => decisions.get(id)?.hasAcceptedRevision !== true)
      .map(({ id, title }) => [id, { taskId: id, title }]),
  );
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

export function describeMissingTask(taskId: string): StintError {
  return new StintError('not_found', `there is no task ${taskId} in this organization`, {
    field: 'taskId',
  });
}
