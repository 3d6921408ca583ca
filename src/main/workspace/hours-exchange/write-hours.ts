import { Temporal } from 'temporal-polyfill';
import { computeCalendarFile } from '../../../shared/calendar-file.ts';
import { computeCsvLine, csvStart } from '../../../shared/csv.ts';
import { computeKnownZone } from '../../../shared/domain/known-zone.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import { escapeHtml } from '../bundles/report/escape-html.ts';
import { reportStyle } from '../bundles/report/report-style.ts';
import type { Turns } from '../sync/turns.ts';
import type { TimesheetLine } from './timesheet-lines.ts';

const header = [
  'date',
  'start',
  'end',
  'zone',
  'seconds',
  'hours',
  'rounded_hours',
  'person',
  'organization',
  'project',
  'task',
  'source',
  'note',
  'start_utc',
  'end_utc',
  'entry_id',
];

const hours = (ms: number): string => (ms / 3_600_000).toFixed(4);

/** The lines as CSV: wall times in the entry's own zone, exact and rounded hours side by side. */
export async function computeHoursCsv(
  lines: readonly TimesheetLine[],
  turns: Turns,
): Promise<string> {
  const table = [`${csvStart}${computeCsvLine(header)}`];
  for (const line of lines) {
    table.push(computeCsvLine(listCells(line)));
    await turns.pass();
  }
  return table.join('');
}

const listCells = (line: TimesheetLine): readonly string[] => [
  line.date,
  computeWall(line.startedAt, line.zone),
  computeWall(line.endedAt, line.zone),
  line.zone,
  String(line.ms / 1000),
  hours(line.ms),
  line.roundedMs === null ? '' : hours(line.roundedMs),
  line.person,
  line.organization,
  line.project,
  line.task,
  line.source,
  line.note,
  line.startedAt,
  line.endedAt,
  line.timeEntryId,
];

function computeWall(instant: string, zone: string): string {
  return Temporal.Instant.from(instant)
    .toZonedDateTimeISO(computeKnownZone(zone))
    .toString({ timeZoneName: 'never', smallestUnit: 'second' });
}

/** Each line as an event. An entry across midnight is two, since the range may take one of them only. */
export function computeHoursCalendar(
  lines: readonly TimesheetLine[],
  turns: Turns,
): Promise<string> {
  return computeCalendarFile(
    'Hours',
    lines.map((line) => ({
      uid: `${line.timeEntryId}/${line.date}@hours.stint`,
      startsAt: line.startedAt,
      endsAt: line.endedAt,
      title: line.task === '' ? line.project : line.task,
      description: line.note,
      categories: [line.project].filter((part) => part !== ''),
      changedAt: line.updatedAt,
      // Seconds from the making to the last change: a calendar that has the entry takes over what came later.
      sequence: Math.max(
        0,
        Math.floor((computeEpochMs(line.updatedAt) - computeEpochMs(line.createdAt)) / 1000),
      ),
      isBusy: true,
    })),
    { pass: () => turns.pass() },
  );
}

const time = (instant: string, zone: string): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(computeKnownZone(zone))
    .toPlainTime()
    .toString({ smallestUnit: 'minute' });

/** Hours and minutes, to the minute; the exact seconds stand in the CSV. */
function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** A page that opens by itself and prints on paper, without scripts, with room for two signatures. */
export async function computeHoursPage(
  lines: readonly TimesheetLine[],
  about: { readonly title: string; readonly from: string; readonly to: string },
  turns: Turns,
): Promise<string> {
  const total = lines.reduce((sum, { ms }) => sum + ms, 0);
  const rounded = lines.reduce((sum, { roundedMs }) => sum + (roundedMs ?? 0), 0);
  const isRounded = rounded !== total;
  const days: string[] = [];
  for (const [date, ofDay] of Map.groupBy(lines, (line) => line.date)) {
    days.push(await computeDayHtml(date, ofDay, isRounded, turns));
  }
  const columns = [
    'Time',
    'Zone',
    'Project',
    'Task',
    'Note',
    'Exact',
    ...(isRounded ? ['Rounded'] : []),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(about.title)}</title>
<style>${reportStyle}
table { width: 100%; }
tbody th { padding-top: 1em; text-align: start; }
td.number, th.number { text-align: end; font-variant-numeric: tabular-nums; }
tr { break-inside: avoid; }
.signatures { display: flex; gap: 4rem; margin-top: 4rem; }
.signatures p { flex: 1; border-top: 1px solid currentColor; padding-top: 0.5rem; }
</style>
</head>
<body>
<header>
<h1>${escapeHtml(about.title)}</h1>
<p class="soft">${about.from} to ${about.to}. ${escapeHtml([...new Set(lines.map(({ organization }) => organization))].join(', '))}</p>
</header>
<main>
<table>
<thead><tr>${columns.map((column) => `<th scope="col"${/Exact|Rounded/.test(column) ? ' class="number"' : ''}>${column}</th>`).join('')}</tr></thead>
${days.join('\n')}
<tfoot><tr><th scope="row" colspan="5">Total</th><td class="number">${duration(total)}</td>${isRounded ? `<td class="number">${duration(rounded)}</td>` : ''}</tr></tfoot>
</table>
<div class="signatures"><p>Intern, date</p><p>Employer, date</p></div>
</main>
</body>
</html>
`;
}

async function computeDayHtml(
  date: string,
  lines: readonly TimesheetLine[],
  isRounded: boolean,
  turns: Turns,
): Promise<string> {
  const cell = (text: string): string => `<td><bdi>${escapeHtml(text)}</bdi></td>`;
  const number = (ms: number | null): string =>
    `<td class="number">${ms === null ? '' : duration(ms)}</td>`;
  const sum = lines.reduce((total, { ms }) => total + ms, 0);
  const rows: string[] = [];
  for (const line of lines) {
    rows.push(
      `<tr>${cell(`${time(line.startedAt, line.zone)} – ${time(line.endedAt, line.zone)}`)}${cell(line.zone)}${cell(line.project)}${cell(line.task)}${cell(line.note)}${number(line.ms)}${isRounded ? number(line.roundedMs) : ''}</tr>`,
    );
    await turns.pass();
  }
  return `<tbody><tr><th scope="rowgroup" colspan="5">${date}</th><td class="number">${duration(sum)}</td>${isRounded ? '<td></td>' : ''}</tr>
${rows.join('\n')}</tbody>`;
}
