import { z } from 'zod';
import { computeEpochMs } from '../ports.ts';
import { ZoneDays } from './day-parts.ts';
import type { Stretch } from './worked-time.ts';

export const roundingMinutesSchema = z.union([
  z.literal(5),
  z.literal(6),
  z.literal(10),
  z.literal(15),
]);
export const roundingModeSchema = z.enum(['up', 'nearest']);
export const roundingPerSchema = z.enum(['entry', 'day']);

/** How a project's terms round hours. Shown beside the exact time, never stored instead of it. */
export const roundingSchema = z.object({
  minutes: roundingMinutesSchema,
  mode: roundingModeSchema,
  per: roundingPerSchema,
});
export type Rounding = z.infer<typeof roundingSchema>;

/** The columns of a project; all null where hours are not rounded. */
export interface RoundingColumns {
  readonly roundingMinutes: Rounding['minutes'] | null;
  readonly roundingMode: Rounding['mode'] | null;
  readonly roundingPer: Rounding['per'] | null;
}

export function computeRoundingColumns(rounding: Rounding | null): RoundingColumns {
  return {
    roundingMinutes: rounding?.minutes ?? null,
    roundingMode: rounding?.mode ?? null,
    roundingPer: rounding?.per ?? null,
  };
}

/** The inverse of `computeRoundingColumns`: null where hours are not rounded, as in all projects from before. */
export function computeRounding(row: {
  readonly [Column in keyof RoundingColumns]: unknown;
}): Rounding | null {
  const parsed = roundingSchema.safeParse({
    minutes: row.roundingMinutes,
    mode: row.roundingMode,
    per: row.roundingPer,
  });
  return parsed.success ? parsed.data : null;
}

/** One length, rounded; half of a unit goes up. Without rounding the same length. */
export function computeRoundedMs(exactMs: number, rounding: Rounding | null): number {
  if (rounding === null) return exactMs;
  const unitMs = rounding.minutes * 60_000;
  return (rounding.mode === 'up' ? Math.ceil : Math.round)(exactMs / unitMs) * unitMs;
}

/** An entry with the zone whose calendar says to which days it belongs. */
export interface ZonedStretch extends Stretch {
  readonly zone: string;
}

/**
 * Whole seconds of several entries of one engagement, rounded as the terms say: each entry by itself, or the sum of
 * each day. By day, an entry across midnight counts for both days with what lies on each.
 */
export function computeRoundedSeconds(
  entries: readonly ZonedStretch[],
  rounding: Rounding | null,
): number {
  let totalMs = 0;
  for (const ms of listRoundedLengths(entries, rounding)) totalMs += computeRoundedMs(ms, rounding);
  return Math.round(totalMs / 1000);
}

function listRoundedLengths(
  entries: readonly ZonedStretch[],
  rounding: Rounding | null,
): Iterable<number> {
  if (rounding?.per !== 'day')
    return entries.map(
      ({ startedAt, endedAt }) => computeEpochMs(endedAt) - computeEpochMs(startedAt),
    );
  const daysByZone = new Map<string, ZoneDays>();
  const msByDate = new Map<string, number>();
  for (const entry of entries) {
    const days = daysByZone.get(entry.zone) ?? new ZoneDays(entry.zone);
    daysByZone.set(entry.zone, days);
    for (const { date, ms } of days.split(entry))
      msByDate.set(date, (msByDate.get(date) ?? 0) + ms);
  }
  return msByDate.values();
}
