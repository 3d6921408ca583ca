import { Pencil, Trash2 } from 'lucide-react';
import { Link } from 'wouter';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatPlainDate, formatTime, formatZoneCity } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { localZone } from '../../format/locale.ts';
import { taskPath } from '../../routes.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { SyncSign } from '../tasks/sync-sign.tsx';
import { type DayPart, groupByDay, spansClockChange } from './calendar/calendar-days.ts';
import { isLocked } from './calendar/use-entry-changes.ts';
import type { HoursDay } from './hours-chart.tsx';
import spokenStyles from '../../ui/spoken.module.css';
import styles from './week-table.module.css';

export interface WeekTableProps {
  /** Those of one week that hold time, in order. */
  readonly days: readonly HoursDay[];
  /** Those that touch the week, newest first. */
  readonly entries: readonly TimeEntry[];
  readonly totalSeconds: number;
  readonly coveredSeconds: number;
  readonly onEdit: (entry: TimeEntry) => void;
  readonly onDelete: (entry: TimeEntry) => void;
}

/** The week in numbers: each entry under its day, each day's total, and the week's. */
export function WeekTable({
  days,
  entries,
  totalSeconds,
  coveredSeconds,
  onEdit,
  onDelete,
}: WeekTableProps) {
  const byDate = groupByDay(entries, localZone);
  return (
    <table className={styles.table}>
      <caption className={spokenStyles.spoken}>Time entries by day</caption>
      <thead className={spokenStyles.spoken}>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Task and note</th>
          <th scope="col">Duration</th>
          <th scope="col">Synchronised, actions</th>
        </tr>
      </thead>
      {days.map((day) => {
        const ofDay = byDate.get(day.date) ?? [];
        if (ofDay.length === 0) return null;
        return (
          <tbody key={day.date}>
            <tr className={styles.day}>
              <th scope="rowgroup" colSpan={2}>
                {formatPlainDate(day.date)}
              </th>
              <td className={styles.total}>
                <Total seconds={day.seconds} coveredSeconds={day.coveredSeconds} />
              </td>
            </tr>
            {ofDay.toReversed().map(({ entry, part }) => (
              <EntryRow
                key={entry.timeEntryId}
                entry={entry}
                part={part}
                onEdit={onEdit}
                onDelete={onDelete}
              />
            ))}
          </tbody>
        );
      })}
      <tfoot>
        <tr className={styles.week}>
          <th scope="row" colSpan={2}>
            The week
          </th>
          <td className={styles.total}>
            <Total seconds={totalSeconds} coveredSeconds={coveredSeconds} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

/** The sum; where entries overlap also the time that really passed. */
function Total({
  seconds,
  coveredSeconds,
}: {
  readonly seconds: number;
  readonly coveredSeconds: number;
}) {
  return (
    <>
      {formatDuration(seconds * 1000)}
      {coveredSeconds < seconds ? (
        <span className={styles.covered}>
          {formatDuration(coveredSeconds * 1000)} without overlaps
        </span>
      ) : null}
    </>
  );
}

interface EntryRowProps extends DayPart {
  readonly onEdit: (entry: TimeEntry) => void;
  readonly onDelete: (entry: TimeEntry) => void;
}

function EntryRow({ entry, part, onEdit, onDelete }: EntryRowProps) {
  const { zone, taskTitle, note } = entry;
  const { startedAt, endedAt, seconds } = part;
  const times = `${formatTime(startedAt)} – ${formatTime(endedAt)}`;
  const locked = isLocked(entry);
  const isElsewhere = formatTime(startedAt, zone) !== formatTime(startedAt);
  return (
    <tr className={styles.entry}>
      <td className={styles.times}>
        {times}
        {isElsewhere ? (
          <span className={styles.elsewhere}>
            {formatTime(startedAt, zone)} – {formatTime(endedAt, zone)} {formatZoneCity(zone)}
          </span>
        ) : null}
      </td>
      <td className={styles.what}>
        <span className={styles.title}>
          <Link href={taskPath(entry.seatId, entry.taskId)} className={styles.task}>
            {taskTitle}
          </Link>
          <span className={styles.organization}>{entry.organizationName}</span>
          {entry.source === 'manual' ? <Badge>by hand</Badge> : null}
          {part === entry ? null : <Badge>across midnight</Badge>}
          {spansClockChange(part, localZone) ? <Badge>clocks changed</Badge> : null}
          {locked ? <Badge tone="positive">approved</Badge> : null}
          {entry.overlaps ? <Badge tone="warning">overlaps</Badge> : null}
          {entry.wasRevived ? <Badge tone="warning">deleted, then changed: kept</Badge> : null}
        </span>
        {note === '' ? null : <span className={styles.note}>{note}</span>}
      </td>
      <td className={styles.duration}>{formatDuration(seconds * 1000)}</td>
      <td className={styles.end}>
        <span className={styles.actions}>
          <SyncSign mark={entry.mark} />
          <IconButton
            size="small"
            label={`${locked ? 'Ask to change' : 'Change'} ${times}, ${isolate(taskTitle)}`}
            icon={<Pencil />}
            onPress={() => onEdit(entry)}
          />
          {locked ? null : (
            <IconButton
              size="small"
              label={`Delete ${times}, ${isolate(taskTitle)}`}
              icon={<Trash2 />}
              onPress={() => onDelete(entry)}
            />
          )}
        </span>
      </td>
    </tr>
  );
}
