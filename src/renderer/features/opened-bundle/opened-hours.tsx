import type { EngagementDocument } from '../../../shared/bundle/engagement-document.ts';
import { formatDateTime, formatPlainDate } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { Section } from '../../ui/panes.tsx';
import { Muted } from '../../ui/stack.tsx';
import styles from './opened-bundle.module.css';

interface Entry {
  readonly id: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly taskTitle: string;
  readonly note: string;
}

const columns: readonly DataColumn<Entry>[] = [
  {
    id: 'start',
    label: 'Start',
    isRowHeader: true,
    compare: (a, b) => a.startedAt.localeCompare(b.startedAt),
    render: ({ startedAt }) => formatDateTime(startedAt),
  },
  {
    id: 'time',
    label: 'Time',
    align: 'end',
    compare: (a, b) => a.seconds - b.seconds,
    render: ({ seconds }) => formatDuration(seconds * 1000),
  },
  { id: 'task', label: 'Task', render: ({ taskTitle }) => taskTitle },
  { id: 'note', label: 'Note', render: ({ note }) => note },
];

/** Time entries, and the timesheets that they were handed in with. */
export function OpenedHours({ document }: { readonly document: EngagementDocument }) {
  const { timeEntries, timesheets, tasks, totals } = document;
  if (totals === null) return null;
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const entries = timeEntries.map(({ id, startedAt, seconds, taskId, note }) => ({
    id,
    startedAt,
    seconds,
    taskTitle: titles.get(taskId) ?? '',
    note,
  }));
  return (
    <Section title="Hours">
      {entries.length === 0 ? (
        <Muted>No time was recorded.</Muted>
      ) : (
        <DataTable label="Time entries" columns={columns} items={entries} />
      )}
      {timesheets.map((sheet) => (
        <p key={sheet.id} className={styles.line}>
          Timesheet {formatPlainDate(sheet.startsOn)} to {formatPlainDate(sheet.endsOn)}:{' '}
          {sheet.state}
          {sheet.decidedBy === null ? '' : ` by ${sheet.decidedBy}`}
        </p>
      ))}
    </Section>
  );
}
