import type { Due } from '../../../shared/contract/shapes.ts';
import { computeDeadlineInstant, computeExtendedWall } from '../../../shared/domain/deadline.ts';
import type { Deadline } from '../../../shared/domain/fields.ts';
import { ZoneOffsets } from './zone-offsets.ts';

interface ExtraTime {
  readonly days: number;
  readonly minutes: number;
}

const maximumRemembered = 50_000;
const dues = new Map<string, Due>();
const zoneOffsets = new ZoneOffsets();

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
  const { zone } = deadline;
  const wall = computeExtendedWall(deadline, extensions);
  const instant = findInstant(wall, zone);
  const due: Due = {
    wall,
    baseWall: deadline.wall,
    zone,
    instant,
    isExtended: extensions.length > 0,
  };
  if (dues.size >= maximumRemembered) dues.clear();
  dues.set(key, due);
  return due;
}

/**
 * A zone that was named after this machine's zone data came out is read as UTC: hours off for that one
 * deadline, where the list of all tasks of all organizations would be lost. The server decides on time.
 */
function findInstant(wall: string, zone: string): string {
  try {
    return zoneOffsets.findInstant(wall, zone) ?? computeDeadlineInstant({ wall, zone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return computeDeadlineInstant({ wall, zone: 'UTC' });
  }
}
