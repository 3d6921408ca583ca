import { Disclosure, DisclosurePanel, Heading, Button as AriaButton } from 'react-aria-components';
import { ChevronRight } from 'lucide-react';
import type { Submission, TimeEntry } from '../../../shared/contract/shapes.ts';
import { formatDate, formatTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { Muted } from '../../ui/stack.tsx';
import styles from './submission-hours.module.css';

export interface SubmissionHoursProps {
  readonly submission: Submission;
  readonly estimateMinutes: number | null;
  /** All of the task's, newest first; undefined while they are being fetched. */
  readonly entries: readonly TimeEntry[] | undefined;
}

/** The time that went into this revision, against the estimate, and the stretches it is made of. */
export function SubmissionHours({ submission, estimateMinutes, entries }: SubmissionHoursProps) {
  return (
    <div className={styles.hours}>
      <p>
        <strong className={styles.total}>{formatDuration(submission.workedSeconds * 1000)}</strong>{' '}
        <Muted>
          worked up to this revision
          {estimateMinutes === null
            ? ''
            : `; the estimate was ${formatDuration(estimateMinutes * 60_000)}`}
        </Muted>
      </p>
      {entries === undefined || entries.length === 0 ? null : (
        <Disclosure>
          <Heading level={3} className={cx(styles.heading)}>
            <AriaButton slot="trigger" className={cx(styles.trigger)}>
              <ChevronRight aria-hidden className={styles.chevron} />
              {formatPlural(entries.length, 'time entry', 'time entries')}
            </AriaButton>
          </Heading>
          <DisclosurePanel>
            <ul className={styles.entries}>
              {entries.map((entry) => (
                <li key={entry.timeEntryId}>
                  <span className={styles.when}>
                    {formatDate(entry.startedAt)}, {formatTime(entry.startedAt)}–
                    {formatTime(entry.endedAt)}
                  </span>
                  <span className={styles.length}>{formatDuration(entry.seconds * 1000)}</span>
                  <span className={styles.note}>
                    {entry.note === '' ? null : <span>{entry.note}</span>}
                    {entry.source === 'manual' ? <Muted>added by hand</Muted> : null}
                    {entry.overlaps ? <Badge tone="warning">overlaps another</Badge> : null}
                  </span>
                </li>
              ))}
            </ul>
          </DisclosurePanel>
        </Disclosure>
      )}
    </div>
  );
}
