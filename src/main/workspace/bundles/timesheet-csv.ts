import { computeCsv } from '../../../shared/csv.ts';
import { Temporal } from 'temporal-polyfill';
import type { EngagementDocument } from '../../../shared/bundle/engagement-document.ts';

const header = [
  'date',
  'start',
  'end',
  'zone',
  'seconds',
  'hours',
  'task_number',
  'task',
  'source',
  'note',
  'start_utc',
  'end_utc',
  'entry_id',
];

/**
 * The time entries as RFC 4180 (CRLF, fields quoted where they need it), oldest first, with the exact
 * seconds; date, start and end are wall time in the entry's own zone. It begins with a byte order mark,
 * without which spreadsheets read UTF-8 as something else.
 */
export function computeTimesheetCsv(document: EngagementDocument): string {
  const tasks = new Map(document.tasks.map((task) => [task.id, task]));
  const lines = document.timeEntries.map((entry) => {
    const start = Temporal.Instant.from(entry.startedAt).toZonedDateTimeISO(entry.zone);
    const end = Temporal.Instant.from(entry.endedAt).toZonedDateTimeISO(entry.zone);
    const task = tasks.get(entry.taskId);
    return [
      start.toPlainDate().toString(),
      computeWallTime(start),
      computeWallTime(end),
      entry.zone,
      String(entry.seconds),
      (entry.seconds / 3600).toFixed(4),
      task === undefined ? '' : String(task.number),
      task?.title ?? '',
      entry.source,
      entry.note,
      entry.startedAt,
      entry.endedAt,
      entry.id,
    ];
  });
  return computeCsv([header, ...lines]);
}

function computeWallTime(moment: Temporal.ZonedDateTime): string {
  return moment.toString({ timeZoneName: 'never', smallestUnit: 'second' });
}
