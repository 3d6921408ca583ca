import { memo } from 'react';
import { Lock } from 'lucide-react';
import type { TimeEntry } from '../../../../shared/contract/shapes.ts';
import { formatDate, formatTime } from '../../../format/date-time.ts';
import { formatDuration } from '../../../format/duration.ts';
import { computeEpochMs } from '../../../../shared/ports.ts';
import { isolate } from '../../../../shared/domain/isolate.ts';
import { cx } from '../../../ui/cx.ts';
import { isLocked } from './use-entry-changes.ts';
import { scaleWithText } from '../../../ui/text-scale.ts';
import styles from './week-calendar.module.css';

export interface EntryBlockProps {
  readonly entry: TimeEntry;
  readonly topPx: number;
  readonly heightPx: number;
  readonly lane: number;
  readonly lanes: number;
  readonly isTabStop: boolean;
  readonly isFuture: boolean;
  readonly isDragged: boolean;
  readonly onFocus: (timeEntryId: string) => void;
  readonly onOpen: (entry: TimeEntry) => void;
}

const shortPx = scaleWithText(30);
const lowestPx = scaleWithText(12);
const changingKeys =
  'ArrowUp ArrowDown ArrowLeft ArrowRight Shift+ArrowUp Shift+ArrowDown Enter X M Delete J K';

/**
 * One stretch of work on one day of the calendar. Its name begins with what it shows, so that it can be called by that, and says
 * what it has no room for: elements for a screen reader alone would be laid out with each of them.
 */
export const EntryBlock = memo(function EntryBlock({
  entry,
  topPx,
  heightPx,
  lane,
  lanes,
  isTabStop,
  isFuture,
  isDragged,
  onFocus,
  onOpen,
}: EntryBlockProps) {
  const { timeEntryId, startedAt, endedAt, taskTitle, note, overlaps } = entry;
  const began = formatTime(startedAt);
  const ended = formatTime(endedAt);
  const times = `${began} – ${ended}`;
  const length = formatDuration(computeEpochMs(endedAt) - computeEpochMs(startedAt));
  const locked = isLocked(entry);
  const remarks = `${locked ? ', approved' : ''}${overlaps ? ', overlaps' : ''}${isFuture ? ', lies in the future' : ''}`;
  return (
    <li
      className={styles.place}
      style={{
        top: topPx,
        height: Math.max(heightPx - 1, lowestPx),
        left: `${(lane / lanes) * 100}%`,
        width: `${100 / lanes}%`,
      }}
    >
      <button
        type="button"
        tabIndex={isTabStop ? 0 : -1}
        data-entry={timeEntryId}
        aria-keyshortcuts={locked ? 'Enter J K' : changingKeys}
        aria-label={`${isolate(taskTitle)} ${times} · ${length}${note === '' ? '' : ` ${isolate(note)}`}, ${formatDate(startedAt)}${remarks}`}
        title={`${isolate(taskTitle)}\n${times} · ${length}${note === '' ? '' : `\n${note}`}${remarks}`}
        className={cx(
          styles.block,
          overlaps && styles.overlapping,
          isFuture && styles.future,
          locked && styles.locked,
          isDragged && styles.dragged,
        )}
        onFocus={() => onFocus(timeEntryId)}
        onDoubleClick={() => onOpen(entry)}
      >
        <span className={styles.blockTitle}>
          {locked ? <Lock className={styles.lock} aria-hidden /> : null}
          {taskTitle}
        </span>{' '}
        {heightPx >= shortPx ? (
          <span className={styles.blockTimes}>
            {[began, `– ${ended}`, `· ${length}`].map(keepTogether).join(' ')}
          </span>
        ) : null}{' '}
        {note !== '' && heightPx >= 2 * shortPx ? (
          <span className={styles.blockNote}>{note}</span>
        ) : null}
      </button>
    </li>
  );
});

/** Without a place where a line could end: behind a dash one could, but for the word joiner (unicode.org/reports/tr14, LB11, LB12a). */
const keepTogether = (part: string): string => part.replaceAll(' ', '\u2060\u00A0');
