import { Temporal } from 'temporal-polyfill';

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
