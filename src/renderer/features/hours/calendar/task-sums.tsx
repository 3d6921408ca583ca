import type { TimeEntry } from '../../../../shared/contract/shapes.ts';
import { formatDuration } from '../../../format/duration.ts';
import styles from './task-sums.module.css';

/** How much of the shown time went into which task. */
export function TaskSums({ entries }: { readonly entries: readonly TimeEntry[] }) {
  const byTask = [...Map.groupBy(entries, ({ taskId }) => taskId).values()]
    .map((ofTask) => ({
      taskId: ofTask[0]?.taskId ?? '',
      title: ofTask[0]?.taskTitle ?? '',
      organization: ofTask[0]?.organizationName ?? '',
      seconds: ofTask.reduce((sum, { seconds }) => sum + seconds, 0),
    }))
    .toSorted((left, right) => right.seconds - left.seconds);
  return (
    <table className={styles.sums} aria-label="Time by task">
      <tbody>
        {byTask.map(({ taskId, title, organization, seconds }) => (
          <tr key={taskId}>
            <th scope="row">
              {title} <span className={styles.organization}>{organization}</span>
            </th>
            <td>{formatDuration(seconds * 1000)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
