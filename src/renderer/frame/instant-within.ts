import { Temporal } from 'temporal-polyfill';

export interface Stretch {
  readonly startedAt: string;
  readonly endedAt: string;
}

/** `HH:MM` of an instant by a zone's clock. */
export function computeWallTime(instant: string, zone: string): string {
  return Temporal.Instant.from(instant)
    .toZonedDateTimeISO(zone)
    .toPlainTime()
    .toString({ smallestUnit: 'minute' });
}

/**
 * The first moment in a stretch at which a zone's clock shows `HH:MM`. The stretch's own ends are shown to the minute and
 * meant exactly. Undefined where the clock does not show it in there.
 */
export function computeInstantWithin(
  time: string,
  stretch: Stretch,
  zone: string,
): string | undefined {
  if (time === '') return undefined;
  if (time === computeWallTime(stretch.startedAt, zone)) return stretch.startedAt;
  const end = Temporal.Instant.from(stretch.endedAt);
  const start = Temporal.Instant.from(stretch.startedAt).toZonedDateTimeISO(zone);
  const wall = Temporal.PlainTime.from(time);
  for (let day = start.toPlainDate(); ; day = day.add({ days: 1 })) {
    for (const disambiguation of ['earlier', 'later'] as const) {
      const instant = day
        .toPlainDateTime(wall)
        .toZonedDateTime(zone, { disambiguation })
        .toInstant();
      if (
        Temporal.Instant.compare(instant, start.toInstant()) >= 0 &&
        Temporal.Instant.compare(instant, end) <= 0
      )
        return time === computeWallTime(stretch.endedAt, zone) &&
          end.epochMilliseconds - instant.epochMilliseconds < 60_000
          ? stretch.endedAt
          : instant.toString({ fractionalSecondDigits: 3 });
    }
    if (Temporal.PlainDate.compare(day, end.toZonedDateTimeISO(zone).toPlainDate()) >= 0)
      return undefined;
  }
}
