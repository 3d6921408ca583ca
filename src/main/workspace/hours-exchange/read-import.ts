import Papa from 'papaparse';
import { Temporal } from 'temporal-polyfill';
import { StintError } from '../../../shared/errors.ts';
import { maximumNoteLength } from '../../../shared/mutations/time-changes.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import { describeBrokenQuotes, numberRecords } from '../imports/csv-records.ts';
import { describeSurplus } from '../imports/describe-surplus.ts';

export type ImportSource = 'toggl' | 'clockify' | 'kimai';

/** One row of another program's file, read as far as it can be. */
export interface ReadRow {
  readonly line: number;
  readonly project: string;
  readonly task: string;
  /** As far as a note may go. */
  readonly note: string;
  /** How many characters the file's own note has. */
  readonly noteLength: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** From when to when it is by the first reading of its wall times: what an import's ids are made from. */
  readonly firstReading: readonly [startedAt: string | null, endedAt: string | null];
  readonly problem: string | null;
}

/**
 * The columns of the three programs, in lower case; the first that a file has counts.
 *
 * - Toggl Track, detailed report: `Start date`, `Start time`, `Duration`, and `End date`, `End time` in exports
 *   (support.toggl.com, "Editing and uploading a CSV file").
 * - Clockify, detailed report: `Start Date`, `Start Time`, `End Date`, `End Time`, `Duration (h)`, dates as the workspace writes
 *   them, by default `01/07/2021` and `01:26:00 PM`.
 * - Kimai, CSV export: `Date`, `Begin` (or `From`), `End` (or `To`), `Duration`, `Customer`, `Project`, `Activity`, `Description`.
 */
const columns = {
  startDate: ['start date', 'date'],
  startTime: ['start time', 'begin', 'from'],
  endDate: ['end date'],
  endTime: ['end time', 'end', 'to'],
  duration: ['duration (h)', 'duration'],
  project: ['project'],
  task: ['task', 'activity'],
  note: ['description'],
} as const;

type Cells = Readonly<Record<keyof typeof columns, string>>;
type DateOrder = 'iso' | 'dmy' | 'mdy';

const maximumRows = 20_000;

/**
 * Reads a CSV of Toggl Track, Clockify or Kimai; which one, and how it writes dates, is told by what stands in it.
 * @param zone the one in which it wrote its times.
 * @throws StintError `invalid_input` for a file that is none of these, saying what was expected and found, or whose
 * quotation marks are broken.
 */
export function readImport(text: string, zone: string): { source: ImportSource; rows: ReadRow[] } {
  const parsed = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: false });
  const [first, ...lines] = numberRecords(parsed.data);
  const header = first?.cells ?? [];
  const names = header.map((name) => name.trim().toLowerCase());
  const source = findSource(names);
  if (source === undefined)
    throw new StintError(
      'invalid_input',
      `expected the detailed report of Toggl Track or Clockify, or an export of Kimai, as CSV; found the columns ${names.slice(0, 8).join(', ').slice(0, 200) || '(none)'}`,
      { field: 'stagedId' },
    );
  const broken = describeBrokenQuotes(parsed.errors);
  if (broken !== undefined) throw new StintError('invalid_input', broken, { field: 'stagedId' });
  if (lines.length > maximumRows)
    throw new StintError(
      'too_large',
      `expected at most ${maximumRows} rows, and found ${lines.length}; export a shorter time`,
      { field: 'stagedId' },
    );
  const places = Object.fromEntries(
    Object.entries(columns).map(([column, candidates]) => [
      column,
      names.findIndex((name) => (candidates as readonly string[]).includes(name)),
    ]),
  );
  const rows = lines.map(({ cells }) =>
    Object.fromEntries(
      Object.entries(places).map(([column, place]) => [column, (cells[place] ?? '').trim()]),
    ),
  ) as unknown as Cells[];
  const order = findDateOrder(rows, source);
  return {
    source,
    rows: rows.map((row, index) => {
      const { line, cells } = lines[index] ?? { line: index + 2, cells: [] };
      const read = readRow(row, line, order, zone);
      const surplus = describeSurplus(header, cells);
      return surplus === undefined
        ? read
        : { ...read, startedAt: null, endedAt: null, problem: surplus };
    }),
  };
}

function findSource(names: readonly string[]): ImportSource | undefined {
  const has = (...wanted: readonly string[]): boolean =>
    wanted.every((name) => names.includes(name));
  if (
    has('start date', 'start time', 'end time') &&
    names.some((name) => name.startsWith('duration ('))
  )
    return 'clockify';
  if (has('start date', 'start time', 'duration')) return 'toggl';
  if (has('activity') && (names.includes('begin') || names.includes('from'))) return 'kimai';
  return undefined;
}

/** Where day and month cannot be told from any row, as the program writes them by default. */
function findDateOrder(cells: readonly Cells[], source: ImportSource): DateOrder {
  const texts = cells.flatMap(({ startDate, startTime }) => [startDate, startTime]);
  if (texts.some((text) => /^\d{4}-\d{1,2}-\d{1,2}/.test(text))) return 'iso';
  for (const text of texts) {
    const [, first = 0, second = 0] =
      /^(\d{1,2})[./-](\d{1,2})[./-]\d{4}/.exec(text)?.map(Number) ?? [];
    if (first > 12) return 'dmy';
    if (second > 12) return 'mdy';
    if (/^\d{1,2}\./.test(text)) return 'dmy';
  }
  return source === 'kimai' ? 'dmy' : 'mdy';
}

function readRow(row: Cells, line: number, order: DateOrder, zone: string): ReadRow {
  const { project, task } = row;
  const what = {
    line,
    project,
    task,
    note: row.note.slice(0, maximumNoteLength),
    noteLength: row.note.length,
  };
  const failed = (problem: string): ReadRow => ({
    ...what,
    startedAt: null,
    endedAt: null,
    firstReading: [null, null],
    problem,
  });
  const start = readMoment(row.startDate, row.startTime, order);
  if (start === undefined)
    return failed(
      `expected a date and a time at the start, and found "${`${row.startDate} ${row.startTime}`.trim().slice(0, 60)}"`,
    );
  const end =
    row.endTime === '' ? undefined : readMoment(row.endDate || row.startDate, row.endTime, order);
  const wall = { start, end, hasEndDate: row.endDate !== '', ms: readDuration(row.duration) };
  const readings = (['earlier', 'later'] as const).map((which) => readStretch(wall, zone, which));
  const [first] = readings;
  if (first === undefined) return failed('expected an end or a duration, and found neither');
  if (first.endMs <= first.startMs) return failed('it has no length');
  const { startMs, endMs } = readings.find((reading) => reading?.isAsCounted === true) ?? first;
  return {
    ...what,
    startedAt: computeIsoInstant(startMs),
    endedAt: computeIsoInstant(endMs),
    firstReading: [computeIsoInstant(first.startMs), computeIsoInstant(first.endMs)],
    problem: null,
  };
}

interface WallStretch {
  readonly start: Temporal.PlainDateTime;
  readonly end: Temporal.PlainDateTime | undefined;
  readonly hasEndDate: boolean;
  /** What the other program counted. */
  readonly ms: number | undefined;
}

/** @param which of the two moments it begins at, where the clock was set back over its start. */
function readStretch(
  { start, end, hasEndDate, ms }: WallStretch,
  zone: string,
  which: 'earlier' | 'later',
): { startMs: number; endMs: number; isAsCounted: boolean } | undefined {
  const first = start.toZonedDateTime(zone).epochMilliseconds;
  const last = start.toZonedDateTime(zone, { disambiguation: 'later' });
  // A time that the clock jumped over has one meaning only.
  const isTwice = last.toPlainDateTime().equals(start);
  const startMs = which === 'later' && isTwice ? last.epochMilliseconds : first;
  let endMs = end?.toZonedDateTime(zone).epochMilliseconds;
  // Without a date of its own, an end before the start lies on the next day.
  if (end !== undefined && endMs !== undefined && endMs <= startMs && !hasEndDate)
    endMs = end.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
  const isAsCounted =
    ms !== undefined && endMs !== undefined && Math.abs(endMs - startMs - ms) <= 60_000;
  // What was counted is right where the clock was set back meanwhile, and its wall times say less or more.
  if (ms !== undefined && !isAsCounted) endMs = startMs + ms;
  return endMs === undefined ? undefined : { startMs, endMs, isAsCounted };
}

/** A wall time; the date may stand with the time (`2019-07-11 15:10`). */
function readMoment(
  date: string,
  time: string,
  order: DateOrder,
): Temporal.PlainDateTime | undefined {
  const together = /^(\S+)[ T](\d{1,2}:.*)$/.exec(time);
  const day = readDate(together?.[1] ?? date, order);
  const clock = readTime(together?.[2] ?? time);
  return day === undefined || clock === undefined ? undefined : day.toPlainDateTime(clock);
}

function readDate(text: string, order: DateOrder): Temporal.PlainDate | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const other = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text);
  const [year, month, day] =
    iso !== null
      ? [iso[1], iso[2], iso[3]]
      : other === null
        ? []
        : order === 'mdy'
          ? [other[3], other[1], other[2]]
          : [other[3], other[2], other[1]];
  if (year === undefined) return undefined;
  try {
    return Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(day) },
      { overflow: 'reject' },
    );
  } catch {
    return undefined;
  }
}

function readTime(text: string): Temporal.PlainTime | undefined {
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?$/i.exec(text.trim());
  if (found === null) return undefined;
  const [, hours, minutes, seconds = '0', half] = found;
  const typed = Number(hours);
  if (half !== undefined && (typed < 1 || typed > 12)) return undefined;
  const hour = half === undefined ? typed : (typed % 12) + (/^p/i.test(half) ? 12 : 0);
  try {
    return Temporal.PlainTime.from(
      { hour, minute: Number(minutes), second: Number(seconds) },
      { overflow: 'reject' },
    );
  } catch {
    return undefined;
  }
}

/** `01:17:00`, `1:17`, or decimal hours `1.28`; milliseconds. */
function readDuration(text: string): number | undefined {
  const clock = /^(\d{1,4}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (clock !== null)
    return (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0)) * 1000;
  const decimal = /^(\d{1,4})[.,](\d{1,4})$/.exec(text);
  return decimal === null
    ? undefined
    : Math.round(Number(`${decimal[1]}.${decimal[2]}`) * 3_600_000);
}
