import { useCallback } from 'react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { queries } from '../../client/queries.ts';
import { useRequest } from '../../client/use-request.ts';

export type Task = RequestOutput<'task.get'>;

export interface TaskKey {
  readonly seatId: string;
  readonly taskId: string;
}

const queryKeyOf = ({ seatId, taskId }: TaskKey) => ['task.get', { seatId, taskId }] as const;

export function useTask({ seatId, taskId }: TaskKey) {
  return useRequest('task.get', { seatId, taskId });
}

/**
 * Puts a change that is on its way into the answer held here, so that the screen follows the hand. An
 * answer asked for before the change is dropped: it would show the old state for a moment.
 */
export async function patchTask(key: TaskKey, change: (task: Task) => Task): Promise<void> {
  const queryKey = queryKeyOf(key);
  await queries.cancelQueries({ queryKey });
  queries.setQueryData<Task>(queryKey, (task) => (task === undefined ? task : change(task)));
}

export function useTaskPatch({ seatId, taskId }: TaskKey) {
  return useCallback(
    (change: (task: Task) => Task) => {
      void patchTask({ seatId, taskId }, change);
    },
    [seatId, taskId],
  );
}
