import type { Due } from '../../../shared/contract/shapes.ts';
import { computeDeadlineInstant, computeExtendedWall } from '../../../shared/domain/deadline.ts';
import type { Deadline } from '../../../shared/domain/fields.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';

interface ExtraTime {
  readonly days: number;
  readonly minutes: number;
}

const maximumRemembered = 50_000;
const dues = new Map<string, Due>();
/** Milliseconds ahead of UTC on a whole day of a zone; undefined where the clocks change on that day. */
const dayOffsets = new Map<string, number | undefined>();

function remember<Value>(memory: Map<string, Value>, key: string, value: Value): Value {
  if (memory.size >= maximumRemembered) memory.clear();
  memory.set(key, value);
  return value;
}

/** A wall time read as if it were UTC. */
const computeWallMs = (wall: string): number => computeEpochMs(`${wall}:00.000Z`);

/** The zone's offset on a day, if it is the same from the first minute to the last. */
function findDayOffsetMs(date: string, zone: string): number | undefined {
  const key = `${date}[${zone}]`;
  if (dayOffsets.has(key)) return dayOffsets.get(key);
  const [first, last] = [`${date}T00:00`, `${date}T23:59`].map(
    (wall) => computeWallMs(wall) - computeEpochMs(computeDeadlineInstant({ wall, zone })),
  );
  return remember(dayOffsets, key, first === last ? first : undefined);
}

/** As `computeDeadlineInstant` without extensions; zone arithmetic once per day and zone, not per deadline. */
function computeInstant(deadline: Deadline): string {
  const offsetMs = findDayOffsetMs(deadline.wall.slice(0, 10), deadline.zone);
  return offsetMs === undefined
    ? computeDeadlineInstant(deadline)
    : computeIsoInstant(computeWallMs(deadline.wall) - offsetMs);
}

/**
 * A deadline as people read it, and the instant it means. Remembered by its wall time, zone and extensions:
 * zone arithmetic is by far the dearest part of a list of tasks.
 *
 * @param extensions in the order in which they were given.
 */
export function computeDue(deadline: Deadline, extensions: readonly ExtraTime[]): Due {
  const extra = extensions.map(({ days, minutes }) => `+${days}d${minutes}m`).join('');
  const key = `${deadline.wall}[${deadline.zone}]${extra}`;
  const known = dues.get(key);
  if (known !== undefined) return known;
  const isExtended = extensions.length > 0;
  const wall = isExtended ? computeExtendedWall(deadline, extensions) : deadline.wall;
  const { zone } = deadline;
  return remember(dues, key, { wall, zone, instant: computeInstant({ wall, zone }), isExtended });
}
