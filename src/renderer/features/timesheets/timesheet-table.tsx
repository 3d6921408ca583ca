import type { Timesheet } from '../../../shared/contract/hours-requests.ts';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { formatPlainDate, formatTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import spokenStyles from '../../ui/spoken.module.css';
import { usePages } from '../../ui/use-pages.tsx';
import styles from './timesheets.module.css';

export interface TimesheetTableProps {
  readonly sheet: Timesheet;
  readonly onShowHistory: (entry: TimeEntry) => void;
  /** Where approved time may be asked about. */
  readonly onChange: ((entry: TimeEntry) => void) | undefined;
}

type Line = Timesheet['entries'][number];

/** A timesheet's entries by day, exact and rounded, with what is remarkable about each. */
export function TimesheetTable({ sheet, onShowHistory, onChange }: TimesheetTableProps) {
  const { days, entries, item } = sheet;
  const isRounded = item.rounding !== null;
  const { shown, more } = usePages(entries);
  const linesByDate = Map.groupBy(shown, (line) => line.days[0]?.date);
  const isWhole = shown.length === entries.length;
  return (
    <div className={styles.scroller}>
      <table className={styles.table}>
        <caption className={spokenStyles.spoken}>Entries by day</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col" className={styles.number}>
              Exact
            </th>
            {isRounded ? (
              <th scope="col" className={styles.number}>
                Rounded
              </th>
            ) : null}
            <th scope="col">
              <span className={spokenStyles.spoken}>Actions</span>
            </th>
          </tr>
        </thead>
        {days
          .filter(({ date }) => isWhole || linesByDate.has(date))
          .map((day) => (
            <tbody key={day.date}>
              <tr className={styles.day}>
                <th scope="rowgroup" colSpan={2}>
                  {formatPlainDate(day.date)}
                </th>
                <td className={styles.number}>{formatDuration(day.exactSeconds * 1000)}</td>
                {isRounded ? (
                  <td className={styles.number}>
                    {day.roundedSeconds === null ? '' : formatDuration(day.roundedSeconds * 1000)}
                  </td>
                ) : null}
                <td aria-hidden="true" />
              </tr>
              {(linesByDate.get(day.date) ?? []).map((line) => (
                <EntryLine
                  key={line.entry.timeEntryId}
                  line={line}
                  isRounded={isRounded}
                  onShowHistory={onShowHistory}
                  onChange={onChange}
                />
              ))}
            </tbody>
          ))}
      </table>
      {more}
    </div>
  );
}

function EntryLine({
  line,
  isRounded,
  onShowHistory,
  onChange,
}: { readonly line: Line; readonly isRounded: boolean } & Omit<TimesheetTableProps, 'sheet'>) {
  const { entry, editCount, comments, roundedSeconds, days } = line;
  const when = `${formatTime(entry.startedAt, entry.zone)} – ${formatTime(entry.endedAt, entry.zone)}`;
  return (
    <tr>
      <td className={styles.times}>
        {when}
        {days.length > 1 ? (
          <span className={styles.quiet}>
            {days.length === 2 ? ' the next day' : ` ${days.length - 1} days later`}
          </span>
        ) : null}
      </td>
      <td>
        {entry.taskTitle}
        {entry.note === '' ? null : <span className={styles.note}>{entry.note}</span>}
        <span className={styles.badges}>
          {entry.overlaps ? <Badge tone="negative">Overlaps</Badge> : null}
          {entry.isInFuture ? <Badge tone="warning">In the future</Badge> : null}
          {entry.wasRevived ? <Badge tone="warning">Kept by an edit</Badge> : null}
          {entry.source === 'manual' ? <Badge>By hand</Badge> : null}
        </span>
        {comments.map((comment) => (
          <blockquote key={`${comment.createdAt}${comment.text}`} className={styles.comment}>
            {comment.text}{' '}
            <cite>
              <bdi>{comment.byName}</bdi>
            </cite>
          </blockquote>
        ))}
      </td>
      <td className={styles.number}>{formatDuration(entry.seconds * 1000)}</td>
      {isRounded ? (
        <td className={styles.number}>
          {roundedSeconds === null ? '' : formatDuration(roundedSeconds * 1000)}
        </td>
      ) : null}
      <td className={styles.actions}>
        <Button
          size="small"
          variant="quiet"
          aria-label={`History of ${when}`}
          onPress={() => onShowHistory(entry)}
        >
          {editCount === 0 ? 'History' : editCount === 1 ? '1 edit' : `${editCount} edits`}
        </Button>
        {onChange === undefined ? null : (
          <Button
            size="small"
            variant="quiet"
            aria-label={`Ask to change ${when}`}
            onPress={() => onChange(entry)}
          >
            Ask to change…
          </Button>
        )}
      </td>
    </tr>
  );
}
