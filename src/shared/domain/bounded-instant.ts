import { computeEpochMs, computeIsoInstant } from '../ports.ts';

const earliestMs = computeEpochMs('0001-01-01T00:00:00.000Z');
export const latestMs = computeEpochMs('9999-12-31T23:59:59.999Z');

/**
 * A moment in the years that are written in four digits, as every instant is; what lies outside of them is their edge. A
 * time that a device made up may, and so may the last day of the year 9999 in a zone west of Greenwich.
 */
export function computeBoundedInstant(epochMs: number): string {
  return computeIsoInstant(Math.round(Math.min(Math.max(epochMs, earliestMs), latestMs)));
}
