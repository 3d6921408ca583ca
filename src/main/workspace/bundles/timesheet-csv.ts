import { computeCsvLine, csvStart } from '../../../shared/csv.ts';
import { Temporal } from 'temporal-polyfill';
import type { EngagementDocument } from '../../../shared/bundle/engagement-document.ts';
import type { Pausing } from '../sync/turns.ts';

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
export async function computeTimesheetCsv(
  document: EngagementDocument,
  turns: Pausing,
): Promise<string> {
  const tasks = new Map(document.tasks.map((task) => [task.id, task]));
  const lines = [`${csvStart}${computeCsvLine(header)}`];
  for (const entry of document.timeEntries) {
    await turns.pass();
    const start = Temporal.Instant.from(entry.startedAt).toZonedDateTimeISO(entry.zone);
    const end = Temporal.Instant.from(entry.endedAt).toZonedDateTimeISO(entry.zone);
    const task = tasks.get(entry.taskId);
    const cells = [
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
    lines.push(computeCsvLine(cells));
  }
  return lines.join('');
}

function computeWallTime(moment: Temporal.ZonedDateTime): string {
  return moment.toString({ timeZoneName: 'never', smallestUnit: 'second' });
}
