import { Temporal } from 'temporal-polyfill';
import { computeEpochMs } from '../../shared/ports.ts';
import { locale, localZone } from './locale.ts';

/** An instant: milliseconds since the epoch, or an ISO 8601 text with an offset. */
export type InstantLike = number | string;

function toZoned(instant: InstantLike, zone: string): Temporal.ZonedDateTime {
  const exact =
    typeof instant === 'number'
      ? Temporal.Instant.fromEpochMilliseconds(instant)
      : Temporal.Instant.from(instant);
  return exact.toZonedDateTimeISO(zone);
}

// A 24-hour clock is written with two digits ("09:30"), a 12-hour clock with one ("9:30 AM").
const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
const hour = hourCycle === 'h23' || hourCycle === 'h24' ? '2-digit' : 'numeric';

const cache = new Map<string, Intl.DateTimeFormat>();

function formatterFor(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  cache.set(key, made);
  return made;
}

const timeFormatters = new Map<string, Intl.DateTimeFormat>();

/** By the zone alone: a week of entries has hundreds of times. */
function timeFormatterFor(zone: string): Intl.DateTimeFormat {
  const known = timeFormatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, { hour, minute: '2-digit', timeZone: zone });
  timeFormatters.set(zone, made);
  return made;
}

function withYearIfOther(year: number, zone: string): Intl.DateTimeFormatOptions {
  return year === Temporal.Now.plainDateISO(zone).year ? {} : { year: 'numeric' };
}

export function formatTime(instant: InstantLike, zone: string = localZone): string {
  return timeFormatterFor(zone).format(
    typeof instant === 'number' ? instant : computeEpochMs(instant),
  );
}

/** "Mon, Nov 23", with the year where it is not this one. */
export function formatDate(instant: InstantLike, zone: string = localZone): string {
  const zoned = toZoned(instant, zone);
  return formatterFor({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...withYearIfOther(zoned.year, zone),
    timeZone: zone,
  }).format(zoned.epochMilliseconds);
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
  const zoned = toZoned(instant, zone);
  return formatterFor({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...withYearIfOther(zoned.year, zone),
    hour,
    minute: '2-digit',
    timeZone: zone,
  }).format(zoned.epochMilliseconds);
}

/** "today", "tomorrow", "yesterday"; otherwise the date. */
export function formatDay(instant: InstantLike, zone: string = localZone): string {
  const date = toZoned(instant, zone).toPlainDate();
  const difference = Temporal.Now.plainDateISO(zone).until(date, { largestUnit: 'day' }).days;
  if (Math.abs(difference) > 1) return formatDate(instant, zone);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(difference, 'day');
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
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });
  const differenceMinutes = (toZoned(instant, 'UTC').epochMilliseconds - nowMs) / 60_000;
  const size = Math.abs(differenceMinutes);
  if (size < 60) return format.format(Math.round(differenceMinutes), 'minute');
  if (size < 36 * 60) return format.format(Math.round(differenceMinutes / 60), 'hour');
  const { days } = toZoned(nowMs, zone)
    .toPlainDate()
    .until(toZoned(instant, zone).toPlainDate(), { largestUnit: 'day' });
  return format.format(days, 'day');
}

/** "Berlin" for Europe/Berlin; the IANA name is kept for the tooltip. */
export function formatZoneCity(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}
