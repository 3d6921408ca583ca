import { Link } from 'wouter';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatCount } from '../../format/numbers.ts';
import { projectTaskPath, taskPath } from '../../routes.ts';
import { TaskSection } from '../tasks/task-section.tsx';
import { StateIcon } from '../tasks/task-state.tsx';
import type { Task } from '../tasks/use-task.ts';
import styles from './task-order.module.css';

/** What comes before a task and what waits for it. It holds nobody up: the task can be worked on all the same. */
export function TaskOrder({ task, isIntern }: { readonly task: Task; readonly isIntern: boolean }) {
  const { item } = task;
  const { seatId, taskId, projectId } = item;
  const known = useRequest('task.place', { seatId, taskId }, { keepsPrevious: true });
  if (known.data === undefined) return null;
  const { place, total, before, after } = known.data;
  if (before.length === 0 && after.length === 0) return null;
  const pathOf = (id: string) => (isIntern ? taskPath(seatId, id) : projectTaskPath(projectId, id));
  return (
    <TaskSection title="Order" aside={`task ${formatCount(place)} of ${formatCount(total)}`}>
      <div className={styles.order}>
        {before.length === 0 ? null : (
          <>
            <h4 className={styles.lead}>Comes after</h4>
            <Steps items={before} pathOf={pathOf} />
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
            <Steps items={after} pathOf={pathOf} />
          </>
        )}
      </div>
    </TaskSection>
  );
}

function Steps({
  items,
  pathOf,
}: {
  readonly items: RequestOutput<'task.place'>['before'];
  readonly pathOf: (taskId: string) => string;
}) {
  return (
    <ul className={styles.steps}>
      {items.map(({ taskId, title, state }) => (
        <li key={taskId} className={styles.step}>
          <StateIcon state={state} />
          <Link href={pathOf(taskId)}>{title}</Link>
        </li>
      ))}
    </ul>
  );
}
