import { computeDeadlineInstant } from '../../../shared/domain/deadline.ts';
import { computeDeadlineNotes } from '../../../shared/domain/deadline-notes.ts';
import type { Deadline } from '../../../shared/domain/fields.ts';
import { computeKnownZone } from '../../../shared/domain/known-zone.ts';
import { formatDateTime, formatZoneCity } from '../../format/date-time.ts';
import type { Task } from '../tasks/use-task.ts';
import { describeDeadlineNote } from './describe-deadline-note.ts';
import styles from './due-clocks.module.css';

export interface DueClocksProps {
  readonly deadline: Deadline;
  readonly extensions?: readonly { readonly days: number; readonly minutes: number }[];
  readonly zones: Task['zones'];
  readonly internName: string;
  readonly isIntern: boolean;
  /** Over and done with, it needs no warning. */
  readonly showsNotes?: boolean;
}

/** A deadline on the clocks of both sides, and what is easily misread about it (SY-19). */
export function DueClocks({
  deadline,
  extensions = [],
  zones,
  internName,
  isIntern,
  showsNotes = true,
}: DueClocksProps) {
  const instant = computeDeadlineInstant(
    { ...deadline, zone: computeKnownZone(deadline.zone) },
    extensions,
  );
  const intern = { whose: isIntern ? 'you' : internName, zone: zones.intern };
  const employer = { whose: isIntern ? 'the employer' : 'you', zone: zones.employer };
  const sides = (isIntern ? [intern, employer] : [employer, intern]).filter(
    (side): side is { whose: string; zone: string } => side.zone !== null,
  );
  const readings = sides.map(({ whose, zone }) => ({
    whose,
    zone,
    text: formatDateTime(instant, zone),
  }));
  const isOneClock = new Set(readings.map(({ text }) => text)).size === 1;
  const notes = showsNotes
    ? computeDeadlineNotes(
        deadline,
        extensions,
        [zones.intern, zones.employer].filter((zone) => zone !== null),
      )
    : [];
  return (
    <div className={styles.clocks}>
      {isOneClock ? (
        <span>
          <time dateTime={instant}>{readings[0]?.text}</time>
          <span className={styles.whose}> for both of you</span>
        </span>
      ) : (
        readings.map(({ whose, zone, text }) => (
          <span key={whose}>
            <time dateTime={instant}>{text}</time>
            <span className={styles.whose} title={zone}>
              {` for ${whose} (${formatZoneCity(zone)})`}
            </span>
          </span>
        ))
      )}
      {notes.map((note) => (
        <span key={`${note.kind} ${note.zone}`} className={styles.note}>
          {describeDeadlineNote(note)}
        </span>
      ))}
    </div>
  );
}
