import type { Due } from '../../../shared/contract/shapes.ts';
import { computeDeadlineInstant, computeExtendedWall } from '../../../shared/domain/deadline.ts';
import type { Deadline } from '../../../shared/domain/fields.ts';
import { computeKnownZone } from '../../../shared/domain/known-zone.ts';
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

/** The server decides on time, by the zone itself. */
function findInstant(wall: string, zone: string): string {
  const known = computeKnownZone(zone);
  return zoneOffsets.findInstant(wall, known) ?? computeDeadlineInstant({ wall, zone: known });
}
