import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { comparePlaces } from '../../../shared/domain/task-positions.ts';
import type { Seat } from '../seats/seat.ts';
import { describeMissingTask } from './task-list.ts';
import { loadTaskOutlines, type TaskOutline } from './task-outlines.ts';

/**
 * The tasks of an engagement in the order that a change of it goes by. What was read of all tasks is kept until something
 * changes, so that ten thousand of them are not read for each task that is looked at.
 */
export async function loadOrderedTasks(
  seat: Seat,
  engagementId: string,
): Promise<readonly TaskOutline[]> {
  const outlines = await loadTaskOutlines(seat, {});
  return outlines
    .filter(({ task }) => task.engagementId === engagementId)
    .toSorted(({ task: left }, { task: right }) => comparePlaces(left, right));
}

/** @throws StintError `not_found`. */
export async function loadTaskPlace(
  seat: Seat,
  taskId: string,
): Promise<RequestOutput<'task.place'>> {
  const own = (await loadTaskOutlines(seat, {})).find((outline) => outline.taskId === taskId);
  if (own === undefined) throw describeMissingTask(taskId);
  const tasks = await loadOrderedTasks(seat, own.task.engagementId);
  const list = (chosen: (outline: TaskOutline) => boolean) =>
    tasks.filter(chosen).map(({ taskId: id, title, state }) => ({ taskId: id, title, state }));
  return {
    place: tasks.indexOf(own) + 1,
    total: tasks.length,
    before: list((outline) => own.dependsOn.includes(outline.taskId)),
    after: list(({ dependsOn }) => dependsOn.includes(taskId)),
  };
}
