import { Temporal } from 'temporal-polyfill';
import { computeEpochMs, computeIsoInstant } from '../ports.ts';
import { computeKnownZone } from './known-zone.ts';
import type { Stretch } from './worked-time.ts';

/** What of a stretch lies on one day. */
export interface DayPart extends Stretch {
  /** The day by the zone's calendar, `2026-03-29`. */
  readonly date: string;
  readonly ms: number;
}

interface ZoneDay {
  readonly date: string;
  readonly startMs: number;
  /** The first moment of the day after. */
  readonly endMs: number;
}

const utcDayMs = 86_400_000;

/**
 * The days of one zone as stretches of time. A day may be 23, 23.5, 25 hours long, may begin at 01:00 or at 00:15,
 * and may not exist at all (Apia went from 29 to 31 December 2011): all come from the zone's data, none from
 * arithmetic. Days that were looked up are kept, since a year of entries asks for the same ones again and again.
 */
export class ZoneDays {
  readonly zone: string;
  readonly #daysByUtcDay = new Map<number, readonly ZoneDay[]>();

  /** @param zone an IANA name; one that this machine does not know is read as UTC */
  constructor(zone: string) {
    this.zone = computeKnownZone(zone);
  }

  /** The day of a moment, `2026-03-29`. */
  getDate(epochMs: number): string {
    return this.#get(epochMs).date;
  }

  /** The parts of a stretch by day, first to last. Together they are as long as the stretch; one of no length has none. */
  split({ startedAt, endedAt }: Stretch): DayPart[] {
    const parts: DayPart[] = [];
    const endMs = computeEpochMs(endedAt);
    let fromMs = computeEpochMs(startedAt);
    while (fromMs < endMs) {
      const day = this.#get(fromMs);
      const untilMs = Math.min(endMs, day.endMs);
      parts.push({
        date: day.date,
        startedAt: computeIsoInstant(fromMs),
        endedAt: computeIsoInstant(untilMs),
        ms: untilMs - fromMs,
      });
      fromMs = untilMs;
    }
    return parts;
  }

  #get(epochMs: number): ZoneDay {
    const utcDay = Math.floor(epochMs / utcDayMs);
    let days = this.#daysByUtcDay.get(utcDay);
    if (days === undefined) {
      days = computeDaysAround(utcDay * utcDayMs, this.zone);
      this.#daysByUtcDay.set(utcDay, days);
    }
    const day = days.find(({ startMs, endMs }) => startMs <= epochMs && epochMs < endMs);
    if (day === undefined)
      throw new RangeError(`no day of ${this.zone} holds ${computeIsoInstant(epochMs)}`);
    return day;
  }
}

/** The days of a zone that share time with one day of UTC. */
function computeDaysAround(utcDayStartMs: number, zone: string): ZoneDay[] {
  const days: ZoneDay[] = [];
  const first = Temporal.Instant.fromEpochMilliseconds(utcDayStartMs).toZonedDateTimeISO(zone);
  let start = first.startOfDay();
  do {
    // Where midnight, or the whole day after, does not exist, this is the first moment that does.
    const next = start.add({ days: 1 }).startOfDay();
    days.push({
      date: start.toPlainDate().toString(),
      startMs: start.epochMilliseconds,
      endMs: next.epochMilliseconds,
    });
    start = next;
  } while (start.epochMilliseconds < utcDayStartMs + utcDayMs);
  return days;
}

/**
 * What of a stretch lies on which day, by a zone's calendar. For many stretches keep a `ZoneDays`.
 *
 * @param zone an entry's own zone for what both sides have to agree on (timesheets, rounding, exports), the
 * computer's own for what one person looks at.
 */
export function computeDayParts(stretch: Stretch, zone: string): DayPart[] {
  return new ZoneDays(zone).split(stretch);
}
