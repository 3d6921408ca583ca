import { memo, type ReactNode } from 'react';
import { Lock } from 'lucide-react';
import type { TimeEntry } from '../../../../shared/contract/shapes.ts';
import { formatDate, formatTime } from '../../../format/date-time.ts';
import { formatDuration } from '../../../format/duration.ts';
import { computeEpochMs } from '../../../../shared/ports.ts';
import { isolate } from '../../../../shared/domain/isolate.ts';
import { cx } from '../../../ui/cx.ts';
import { isLocked } from './use-entry-changes.ts';
import { scaleWithText } from '../../../ui/text-scale.ts';
import spokenStyles from '../../../ui/spoken.module.css';
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

/** One stretch of work on one day of the calendar. */
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
  const times = `${formatTime(startedAt)} – ${formatTime(endedAt)}`;
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
        {locked ? null : <span className={styles.edgeStart} data-edge="start" />}
        <span className={styles.blockTitle}>
          {locked ? <Lock className={styles.lock} aria-hidden /> : null}
          {taskTitle}
        </span>
        <span className={spokenStyles.spoken}>{`, ${formatDate(startedAt)}, `}</span>
        <Shown isSeen={heightPx >= shortPx} className={styles.blockTimes}>
          <span>{formatTime(startedAt)}</span>
          <span>{` – ${formatTime(endedAt)}`}</span>
          <span>{` · ${length}`}</span>
        </Shown>
        {note === '' ? null : (
          <>
            <span className={spokenStyles.spoken}>, </span>
            <Shown isSeen={heightPx >= 2 * shortPx} className={styles.blockNote}>
              {note}
            </Shown>
          </>
        )}
        <span className={spokenStyles.spoken}>{remarks}</span>
        {locked ? null : <span className={styles.edgeEnd} data-edge="end" />}
      </button>
    </li>
  );
});

/** A part of the block's name; where the block has no room for it, it is read out only. */
function Shown({
  isSeen,
  className,
  children,
}: {
  readonly isSeen: boolean;
  readonly className: string | undefined;
  readonly children: ReactNode;
}) {
  return <span className={isSeen ? className : spokenStyles.spoken}>{children}</span>;
}
