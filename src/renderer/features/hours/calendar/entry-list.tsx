import { useMemo } from 'react';
import type { TimeEntry } from '../../../../shared/contract/shapes.ts';
import { isolate } from '../../../../shared/domain/isolate.ts';
import { formatDate, formatTime } from '../../../format/date-time.ts';
import { formatDuration } from '../../../format/duration.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Muted } from '../../../ui/stack.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { isLocked } from './use-entry-changes.ts';
import styles from './entry-list.module.css';

interface Row {
  readonly id: string;
  readonly entry: TimeEntry;
}

const getText = ({ entry: { startedAt, endedAt, taskTitle } }: Row): string =>
  `${formatDate(startedAt)}, ${formatTime(startedAt)} – ${formatTime(endedAt)}, ${isolate(taskTitle)}`;

const renderItem = ({ entry }: Row) => (
  <span className={styles.row}>
    <span className={styles.date}>{formatDate(entry.startedAt)}</span>
    <span className={styles.times}>
      {formatTime(entry.startedAt)} – {formatTime(entry.endedAt)}
    </span>
    <span className={styles.what}>
      <span className={styles.title}>{entry.taskTitle}</span>
      <span className={styles.note}>{entry.note}</span>
    </span>
    <span className={styles.badges}>
      {isLocked(entry) ? <Badge tone="positive">approved</Badge> : null}
      {entry.overlaps ? <Badge tone="warning">overlaps</Badge> : null}
    </span>
    <span className={styles.length}>{formatDuration(entry.seconds * 1000)}</span>
  </span>
);

/** Every entry of a year, newest first; Enter or a click opens one. */
export function EntryList({
  entries,
  onEdit,
}: {
  readonly entries: readonly TimeEntry[];
  readonly onEdit: (entry: TimeEntry) => void;
}) {
  const rows = useMemo(() => entries.map((entry) => ({ id: entry.timeEntryId, entry })), [entries]);
  return (
    <div className={styles.frame}>
      <VirtualList<Row>
        label="Time entries of the year"
        items={rows}
        getText={getText}
        renderItem={renderItem}
        rowHeightPx={44}
        onSelect={({ entry }) => onEdit(entry)}
        empty={<Muted>Nothing was recorded in this year.</Muted>}
      />
    </div>
  );
}
