import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { RunningTimer, TaskItem } from '../../../shared/contract/shapes.ts';

type Day = RequestOutput<'today.get'>;

export interface NextStep {
  readonly item: TaskItem;
  readonly kind: 'running' | 'changes' | 'overdue' | 'continue' | 'begin';
}

const hourMs = 3_600_000;
/** A deadline this near comes before a requested change. */
const urgentMs = 24 * hourMs;

/**
 * The one thing to do next: what the timer runs on; else what is overdue or due within a day; else what
 * came back; else what is due first.
 */
export function computeNextStep(
  { due, cameBack, atWork }: Pick<Day, 'due' | 'cameBack' | 'atWork'>,
  running: RunningTimer | null,
  nowMs: number,
): NextStep | undefined {
  const worked = [...due, ...cameBack, ...(atWork === null ? [] : [atWork])].find(
    ({ taskId, seatId }) => taskId === running?.taskId && seatId === running.seatId,
  );
  if (worked !== undefined) return { item: worked, kind: 'running' };

  const returned = cameBack[0];
  const isReturned = (item: TaskItem) =>
    cameBack.some(({ taskId, seatId }) => taskId === item.taskId && seatId === item.seatId);
  const first = due.find((item) => !isReturned(item));
  if (first !== undefined && first.isOverdue) return { item: first, kind: 'overdue' };
  const isUrgent = first !== undefined && Date.parse(first.due.instant) - nowMs < urgentMs;
  if (returned !== undefined && !isUrgent) return { item: returned, kind: 'changes' };
  if (first !== undefined)
    return { item: first, kind: first.state === 'in_progress' ? 'continue' : 'begin' };
  return returned === undefined ? undefined : { item: returned, kind: 'changes' };
}
