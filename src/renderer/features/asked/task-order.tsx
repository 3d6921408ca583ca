import { useMemo } from 'react';
import { Link } from 'wouter';
import type { TaskItem } from '../../../shared/contract/shapes.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatCount } from '../../format/numbers.ts';
import { projectTaskPath, taskPath } from '../../routes.ts';
import { allTasks } from '../tasks/task-limits.ts';
import { TaskSection } from '../tasks/task-section.tsx';
import { StateIcon } from '../tasks/task-state.tsx';
import type { Task } from '../tasks/use-task.ts';
import styles from './task-order.module.css';

/** All tasks of one engagement, in the order that the employer gave them. */
export function useEngagementTasks({ seatId, engagementId }: TaskItem): readonly TaskItem[] {
  const list = useRequest(
    'tasks.list',
    { seatId, engagementId, limit: allTasks },
    { keepsPrevious: true },
  );
  const items = list.data?.items;
  return useMemo(
    () => (items ?? []).toSorted((left, right) => left.position - right.position),
    [items],
  );
}

/** What comes before a task and what waits for it. It holds nobody up: the task can be worked on all the same. */
export function TaskOrder({ task, isIntern }: { readonly task: Task; readonly isIntern: boolean }) {
  const { item } = task;
  const tasks = useEngagementTasks(item);
  const before = tasks.filter(({ taskId }) => item.dependsOn.includes(taskId));
  const after = tasks.filter(({ dependsOn }) => dependsOn.includes(item.taskId));
  if (before.length === 0 && after.length === 0) return null;
  const place = tasks.findIndex(({ taskId }) => taskId === item.taskId) + 1;
  return (
    <TaskSection title="Order" aside={`task ${formatCount(place)} of ${formatCount(tasks.length)}`}>
      <div className={styles.order}>
        {before.length === 0 ? null : (
          <>
            <h4 className={styles.lead}>Comes after</h4>
            <Steps items={before} isIntern={isIntern} />
            <p className={styles.quiet}>
              {item.waitsFor.length === 0
                ? 'All of it is accepted.'
                : isIntern
                  ? 'You can begin with this one all the same, and hand it in.'
                  : 'It can be begun and handed in all the same.'}
            </p>
          </>
        )}
        {after.length === 0 ? null : (
          <>
            <h4 className={styles.lead}>Waits for this one</h4>
            <Steps items={after} isIntern={isIntern} />
          </>
        )}
      </div>
    </TaskSection>
  );
}

function Steps({
  items,
  isIntern,
}: {
  readonly items: readonly TaskItem[];
  readonly isIntern: boolean;
}) {
  return (
    <ul className={styles.steps}>
      {items.map(({ seatId, projectId, taskId, title, state }) => (
        <li key={taskId} className={styles.step}>
          <StateIcon state={state} />
          <Link href={isIntern ? taskPath(seatId, taskId) : projectTaskPath(projectId, taskId)}>
            {title}
          </Link>
        </li>
      ))}
    </ul>
  );
}
