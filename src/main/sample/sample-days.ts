import { Temporal } from 'temporal-polyfill';
import type { SampleWallTime } from '../../server/sample/sample-format.ts';

/** The sample counts days from the day on which it is played, in the project's zone, so that it is never out of date. */
export class SampleDays {
  readonly #today: Temporal.PlainDate;

  constructor(nowMs: number, projectZone: string) {
    this.#today = Temporal.Instant.fromEpochMilliseconds(nowMs)
      .toZonedDateTimeISO(projectZone)
      .toPlainDate();
  }

  /** A calendar day such as `2026-03-01`. */
  computeDay(dayOffset: number): string {
    return this.#today.add({ days: dayOffset }).toString();
  }

  /** A wall time without a zone, such as `2026-03-29T17:00`. */
  computeWall({ dayOffset, time }: SampleWallTime): string {
    return `${this.computeDay(dayOffset)}T${time}`;
  }

  /** Start and end of a stretch that begins at a wall time in `zone`, as instants. */
  computeStretch(
    start: SampleWallTime,
    zone: string,
    minutes: number,
  ): { startedAt: string; endedAt: string } {
    const begin = Temporal.PlainDateTime.from(this.computeWall(start)).toZonedDateTime(zone);
    const format = (moment: Temporal.ZonedDateTime): string =>
      moment.toInstant().toString({ fractionalSecondDigits: 3 });
    return { startedAt: format(begin), endedAt: format(begin.add({ minutes })) };
  }
}
