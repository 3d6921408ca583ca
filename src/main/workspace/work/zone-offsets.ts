import { Temporal } from 'temporal-polyfill';
import { computeBoundedInstant } from '../../../shared/domain/bounded-instant.ts';
import { computeEpochMs } from '../../../shared/ports.ts';

/** A stretch of time without a change of clocks in its zone. */
interface OffsetSpan {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

const dayMs = 86_400_000;
/** No zone is further than this from UTC (RFC 9557 allows less than a day). */
const marginMs = 2 * dayMs;
/** A span is trusted no further than this from where it was found. */
const reachMs = 366 * dayMs;

/**
 * Instants of wall times by plain addition, wherever no clock changes within two days: zone arithmetic
 * asks the platform's calendar each time, and a year of deadlines lies in two or three spans.
 */
export class ZoneOffsets {
  readonly #spansByZone = new Map<string, OffsetSpan[]>();

  /**
   * @param wall to the minute, such as `2026-03-10T17:00`
   * @returns the instant as ISO 8601 in UTC, or undefined near a change of clocks
   */
  findInstant(wall: string, zone: string): string | undefined {
    const wallMs = computeEpochMs(`${wall}:00.000Z`);
    if (Number.isNaN(wallMs)) return undefined;
    const span = this.#getSpan(zone, wallMs);
    return isWithin(span, wallMs, marginMs)
      ? computeBoundedInstant(wallMs - span.offsetMs)
      : undefined;
  }

  #getSpan(zone: string, atMs: number): OffsetSpan {
    let spans = this.#spansByZone.get(zone);
    if (spans === undefined) {
      spans = [];
      this.#spansByZone.set(zone, spans);
    }
    const known =
      spans.find((span) => isWithin(span, atMs, marginMs)) ??
      spans.find((span) => isWithin(span, atMs, 0));
    if (known !== undefined) return known;
    const span = computeSpan(zone, atMs);
    spans.push(span);
    return span;
  }
}

function isWithin({ fromMs, untilMs }: OffsetSpan, atMs: number, distanceMs: number): boolean {
  return fromMs <= atMs - distanceMs && atMs + distanceMs <= untilMs;
}

function computeSpan(zone: string, atMs: number): OffsetSpan {
  // A change at this very moment belongs to what came before.
  const moment = Temporal.Instant.fromEpochMilliseconds(atMs + 1).toZonedDateTimeISO(zone);
  const before = moment.getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity;
  const after = moment.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
  return {
    fromMs: Math.max(before, atMs - reachMs),
    untilMs: Math.min(after, atMs + reachMs),
    offsetMs: moment.offsetNanoseconds / 1_000_000,
  };
}
