import type { TimeEntry } from '../../../../shared/contract/shapes.ts';
import { computeCoveredSeconds } from '../../../../shared/domain/worked-time.ts';
import { formatDuration } from '../../../format/duration.ts';
import styles from './task-sums.module.css';

const sum = (entries: readonly TimeEntry[]): number =>
  entries.reduce((total, { seconds }) => total + seconds, 0);

/** How much of the shown time went into which engagement, and which of its tasks. */
export function TaskSums({
  entries,
  projectTitles,
}: {
  readonly entries: readonly TimeEntry[];
  /** By engagement. */
  readonly projectTitles: ReadonlyMap<string, string>;
}) {
  const engagements = [...Map.groupBy(entries, ({ engagementId }) => engagementId)].toSorted(
    ([, left], [, right]) => sum(right) - sum(left),
  );
  return (
    <table className={styles.sums} aria-label="Time by engagement and task">
      {engagements.map(([engagementId, ofEngagement]) => (
        <tbody key={engagementId}>
          <tr className={styles.engagement}>
            <th scope="rowgroup">
              {projectTitles.get(engagementId) ?? 'An earlier engagement'}{' '}
              <span className={styles.organization}>{ofEngagement[0]?.organizationName}</span>
            </th>
            <td>
              <Sums entries={ofEngagement} />
            </td>
          </tr>
          {[...Map.groupBy(ofEngagement, ({ taskId }) => taskId)]
            .toSorted(([, left], [, right]) => sum(right) - sum(left))
            .map(([taskId, ofTask]) => (
              <tr key={taskId}>
                <th scope="row">{ofTask[0]?.taskTitle}</th>
                <td>
                  <Sums entries={ofTask} />
                </td>
              </tr>
            ))}
        </tbody>
      ))}
    </table>
  );
}

/** The sum; where entries overlap also the time that really passed. */
function Sums({ entries }: { readonly entries: readonly TimeEntry[] }) {
  const seconds = sum(entries);
  const coveredSeconds = computeCoveredSeconds(entries);
  return (
    <>
      {coveredSeconds < seconds ? (
        <span className={styles.organization}>
          {formatDuration(coveredSeconds * 1000)} without overlaps{' '}
        </span>
      ) : null}
      {formatDuration(seconds * 1000)}
    </>
  );
}
