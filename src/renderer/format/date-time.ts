import { Temporal } from 'temporal-polyfill';
import { computeKnownZone } from '../../shared/domain/known-zone.ts';
import { computeEpochMs } from '../../shared/ports.ts';
import { locale, localZone } from './locale.ts';
import { remember } from './remember.ts';

/** An instant: milliseconds since the epoch, or an ISO 8601 text with an offset. */
export type InstantLike = number | string;

/** Of any offset; what the workspace answers is in UTC, and read quicker. */
function toEpochMs(instant: InstantLike): number {
  if (typeof instant === 'number') return instant;
  return instant.endsWith('Z')
    ? computeEpochMs(instant)
    : Temporal.Instant.from(instant).epochMilliseconds;
}

// A 24-hour clock is written with two digits ("09:30"), a 12-hour clock with one ("9:30 AM").
const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
const hour = hourCycle === 'h23' || hourCycle === 'h24' ? '2-digit' : 'numeric';

const formatterFor = remember(
  (options: Intl.DateTimeFormatOptions) => JSON.stringify(options),
  (options) => new Intl.DateTimeFormat(locale, options),
);

/** By the zone alone: a week of entries has hundreds of times. */
const timeFormatterFor = remember(
  (zone: string) => zone,
  (zone) =>
    new Intl.DateTimeFormat(locale, { hour, minute: '2-digit', timeZone: computeKnownZone(zone) }),
);

const relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });

/** The calendar's day there at a moment, `2026-03-29`. */
const dateAt = remember(
  (epochMs: number, zone: string) => `${zone} ${epochMs}`,
  (epochMs, zone) =>
    Temporal.Instant.fromEpochMilliseconds(epochMs)
      .toZonedDateTimeISO(computeKnownZone(zone))
      .toPlainDate(),
);

const minuteMs = 60_000;

/** Asked once in a minute: a list asks it in each row. */
const isThisYear = (year: number, zone: string): boolean =>
  dateAt(Math.floor(Date.now() / minuteMs) * minuteMs, zone).year === year;

function withYearIfOther(year: number, zone: string): Intl.DateTimeFormatOptions {
  return isThisYear(year, zone) ? {} : { year: 'numeric' };
}

export function formatTime(instant: InstantLike, zone: string = localZone): string {
  return timeFormatterFor(zone).format(
    typeof instant === 'number' ? instant : computeEpochMs(instant),
  );
}

/** "Mon, Nov 23", with the year where it is not this one. */
export function formatDate(instant: InstantLike, zone: string = localZone): string {
  const epochMs = toEpochMs(instant);
  return formatterFor({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...withYearIfOther(dateAt(epochMs, zone).year, zone),
    timeZone: computeKnownZone(zone),
  }).format(epochMs);
}

const formatUtc = (date: string, options: Intl.DateTimeFormatOptions): string =>
  formatterFor({ ...options, timeZone: 'UTC' }).format(Date.parse(date));

/** "Fri" */
export function formatWeekday(date: string): string {
  return formatUtc(date, { weekday: 'short' });
}

/** "November 2026" of one of its days. */
export function formatMonth(date: string): string {
  return formatUtc(date, { month: 'long', year: 'numeric' });
}

/** A calendar date without a zone, `YYYY-MM-DD`. */
export function formatPlainDate(date: string): string {
  const plain = Temporal.PlainDate.from(date);
  return formatterFor({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...withYearIfOther(plain.year, localZone),
    timeZone: 'UTC',
  }).format(plain.toZonedDateTime('UTC').epochMilliseconds);
}

export function formatDateTime(instant: InstantLike, zone: string = localZone): string {
  const epochMs = toEpochMs(instant);
  return dateTimeFormatterFor(zone, isThisYear(dateAt(epochMs, zone).year, zone)).format(epochMs);
}

const dateTimeFormatterFor = remember(
  (zone: string, leavesOutYear: boolean) => `${zone} ${String(leavesOutYear)}`,
  (zone, leavesOutYear) =>
    new Intl.DateTimeFormat(locale, {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      ...(leavesOutYear ? {} : { year: 'numeric' }),
      hour,
      minute: '2-digit',
      timeZone: computeKnownZone(zone),
    }),
);

/** Where a stretch ends, behind where it begins: the time, with the day where that is another one. */
export function formatEnd(
  startedAt: InstantLike,
  endedAt: InstantLike,
  zone: string = localZone,
): string {
  const isSameDay = dateAt(toEpochMs(startedAt), zone).equals(dateAt(toEpochMs(endedAt), zone));
  return isSameDay ? formatTime(endedAt, zone) : formatDateTime(endedAt, zone);
}

/** "today", "tomorrow", "yesterday"; otherwise the date. */
export function formatDay(instant: InstantLike, zone: string = localZone): string {
  const date = dateAt(toEpochMs(instant), zone);
  const difference = Temporal.Now.plainDateISO(computeKnownZone(zone)).until(date, {
    largestUnit: 'day',
  }).days;
  if (Math.abs(difference) > 1) return formatDate(instant, zone);
  return relativeFormat.format(difference, 'day');
}

/**
 * "in 3 hours", "2 days ago". Days are counted on the calendar, as people count them: from Monday morning to
 * Wednesday evening is two.
 */
export function formatRelative(
  instant: InstantLike,
  nowMs: number = Date.now(),
  zone: string = localZone,
): string {
  const epochMs = toEpochMs(instant);
  const differenceMinutes = (epochMs - nowMs) / minuteMs;
  const size = Math.abs(differenceMinutes);
  if (size < 60) return relativeFormat.format(Math.round(differenceMinutes), 'minute');
  if (size < 36 * 60) return relativeFormat.format(Math.round(differenceMinutes / 60), 'hour');
  const { days } = dateAt(nowMs, zone).until(dateAt(epochMs, zone), { largestUnit: 'day' });
  return relativeFormat.format(days, 'day');
}

/** What has another name by now: browsers go on naming these zones as they were first called. */
const renamedCities: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Asmara',
  'America/Coral_Harbour': 'Atikokan',
  'America/Godthab': 'Nuuk',
  'Asia/Calcutta': 'Kolkata',
  'Asia/Katmandu': 'Kathmandu',
  'Asia/Rangoon': 'Yangon',
  'Asia/Saigon': 'Ho Chi Minh',
  'Atlantic/Faeroe': 'Faroe',
  'Europe/Kiev': 'Kyiv',
  'Pacific/Enderbury': 'Kanton',
  'Pacific/Ponape': 'Pohnpei',
  'Pacific/Truk': 'Chuuk',
};

/** "Berlin" for Europe/Berlin; the IANA name is kept for the tooltip. */
export function formatZoneCity(zone: string): string {
  return renamedCities[zone] ?? (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** "Mon, Mar 2 – Sun, Mar 8"; one day stands alone. */
export function formatDays(startsOn: string, endsOn: string): string {
  const first = formatPlainDate(startsOn);
  return startsOn === endsOn ? first : `${first} – ${formatPlainDate(endsOn)}`;
}
