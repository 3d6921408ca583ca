import { computeEpochMs } from '../ports.ts';

export interface Stretch {
  readonly startedAt: string;
  readonly endedAt: string;
}

/** The sum of the stretches in whole seconds; where stretches overlap, the overlap counts once for each. */
export function computeWorkedSeconds(stretches: readonly Stretch[]): number {
  let totalMs = 0;
  for (const { startedAt, endedAt } of stretches)
    totalMs += computeEpochMs(endedAt) - computeEpochMs(startedAt);
  return Math.round(totalMs / 1000);
}

/** The union of the stretches in whole seconds: time that several of them cover counts once. */
export function computeCoveredSeconds(stretches: readonly Stretch[]): number {
  return computeSpannedSeconds(
    stretches.map(({ startedAt, endedAt }) => [computeEpochMs(startedAt), computeEpochMs(endedAt)]),
  );
}

/** From and until when, in milliseconds since 1970. */
export type Span = readonly [beganMs: number, untilMs: number];

/** The same for stretches whose instants have been read already. */
export function computeSpannedSeconds(spans: readonly Span[]): number {
  let totalMs = 0;
  let coveredUntil = Number.NEGATIVE_INFINITY;
  for (const [start, end] of spans.toSorted((left, right) => left[0] - right[0])) {
    totalMs += Math.max(0, end - Math.max(start, coveredUntil));
    coveredUntil = Math.max(coveredUntil, end);
  }
  return Math.round(totalMs / 1000);
}
