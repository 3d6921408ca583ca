import { Temporal } from 'temporal-polyfill';
import { StintError } from '../../../shared/errors.ts';

/** Instants: from `startsAt` on, up to but without `endsAt`. */
export interface InstantRange {
  readonly startsAt: string;
  readonly endsAt: string;
}

const computeDayStart = (date: Temporal.PlainDate, zone: string): string =>
  date.toZonedDateTime(zone).toInstant().toString({ fractionalSecondDigits: 3 });

/**
 * The instants of whole days in a zone; a day may have 23 or 25 hours.
 *
 * @param from the first day, `2026-03-01`.
 * @param to the last day, which belongs to the range.
 * @throws StintError `invalid_input` when the days lie in the wrong order.
 */
export function computeDayRange(from: string, to: string, zone: string): InstantRange {
  if (to < from)
    throw new StintError('invalid_input', `the last day ${to} lies before the first day ${from}`, {
      field: 'to',
    });
  return {
    startsAt: computeDayStart(Temporal.PlainDate.from(from), zone),
    endsAt: computeDayStart(Temporal.PlainDate.from(to).add({ days: 1 }), zone),
  };
}

/** The day of an instant in a zone. */
export function computeDay(epochMs: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();
}

/** The Monday of a day's week (ISO 8601). */
export function computeWeekStart(day: string): string {
  const date = Temporal.PlainDate.from(day);
  return date.subtract({ days: date.dayOfWeek - 1 }).toString();
}

/** Days from the first up to and with the last; 0 where the last lies before. */
export function countDays(from: string, to: string): number {
  return Math.max(0, Temporal.PlainDate.from(from).until(to).days + 1);
}

/** Every day of the range, first to last, with the instant at which it begins. */
export function listDays(
  from: string,
  to: string,
  zone: string,
): { date: string; startsAt: string }[] {
  const days: { date: string; startsAt: string }[] = [];
  const last = Temporal.PlainDate.from(to);
  for (
    let date = Temporal.PlainDate.from(from);
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  )
    days.push({ date: date.toString(), startsAt: computeDayStart(date, zone) });
  return days;
}
