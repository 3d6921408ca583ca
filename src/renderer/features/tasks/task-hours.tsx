import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { formatDate, formatTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { SyncSign } from './sync-sign.tsx';
import { TaskSection } from './task-section.tsx';
import styles from './task-hours.module.css';

export interface TaskHoursProps {
  readonly entries: readonly TimeEntry[];
  readonly workedSeconds: number;
}

/** The time recorded on one task. */
export function TaskHours({ entries, workedSeconds }: TaskHoursProps) {
  if (entries.length === 0) return null;
  return (
    <TaskSection title="Hours" aside={formatDuration(workedSeconds * 1000)}>
      <ul className={styles.list}>
        {entries.map((entry) => (
          <li key={entry.timeEntryId} className={styles.entry}>
            <span className={styles.day}>{formatDate(entry.startedAt)}</span>
            <span className={styles.times}>
              {formatTime(entry.startedAt)} – {formatTime(entry.endedAt)}
              {entry.overlaps ? <span className={styles.overlap}> overlaps</span> : null}
            </span>
            <span className={styles.note}>{entry.note}</span>
            <span className={styles.duration}>{formatDuration(entry.seconds * 1000)}</span>
            <SyncSign mark={entry.mark} />
          </li>
        ))}
      </ul>
    </TaskSection>
  );
}
