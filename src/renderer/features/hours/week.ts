import { Temporal } from 'temporal-polyfill';
import type { DaySum } from './calendar/calendar-days.ts';

/** The Monday (ISO 8601) of the week that a date lies in. Dates are `YYYY-MM-DD`. */
export function computeMonday(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}

/** The seven dates of the week that begins on `monday`. */
export function listWeekDates(monday: string): readonly string[] {
  const first = Temporal.PlainDate.from(monday);
  return Array.from({ length: 7 }, (_, days) => first.add({ days }).toString());
}

export function addWeeks(monday: string, weeks: number): string {
  return Temporal.PlainDate.from(monday).add({ weeks }).toString();
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** A day in the middle of the week's month, so many months on. */
export function addMonths(monday: string, months: number): string {
  return Temporal.PlainDate.from(monday)
    .add({ days: 3 })
    .with({ day: 15 })
    .add({ months })
    .toString();
}

/** The whole weeks that hold the month of a week's Thursday. */
export function listMonthDates(monday: string): readonly string[] {
  const first = Temporal.PlainDate.from(monday).add({ days: 3 }).with({ day: 1 });
  const start = first.subtract({ days: first.dayOfWeek - 1 });
  const weeks = Math.ceil((first.dayOfWeek - 1 + first.daysInMonth) / 7);
  return Array.from({ length: weeks * 7 }, (_, days) => start.add({ days }).toString());
}

/** The first and the last day of the month of a week's Thursday. */
export function computeMonthRange(monday: string): { readonly from: string; readonly to: string } {
  const first = Temporal.PlainDate.from(monday).add({ days: 3 }).with({ day: 1 });
  return {
    from: first.toString(),
    to: first.with({ day: first.daysInMonth }).toString(),
  };
}

export function getToday(zone: string): string {
  return Temporal.Now.plainDateISO(zone).toString();
}

/** The date and the wall time, `HH:MM`, of an instant in a zone. */
export function computeWall(
  instant: string,
  zone: string,
): { readonly date: string; readonly time: string } {
  const zoned = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return {
    date: zoned.toPlainDate().toString(),
    time: zoned.toPlainTime().toString({ smallestUnit: 'minute' }),
  };
}

/** Seconds worked on all of the days: their sum, and without what is counted twice where entries overlap. */
export function computeTotals(days: readonly DaySum[]): {
  readonly total: number;
  readonly covered: number;
} {
  return {
    total: days.reduce((sum, { seconds }) => sum + seconds, 0),
    covered: days.reduce((sum, { coveredSeconds }) => sum + coveredSeconds, 0),
  };
}
