import type { Due } from '../../../shared/contract/shapes.ts';
import { computeDeadlineInstant, computeExtendedWall } from '../../../shared/domain/deadline.ts';
import type { Deadline } from '../../../shared/domain/fields.ts';

interface ExtraTime {
  readonly days: number;
  readonly minutes: number;
}

const rememberedDues = new Map<string, Due>();
const maximumRemembered = 50_000;

/**
 * A deadline as people read it, and the instant it means. Remembered by its wall time, zone and extensions:
 * zone arithmetic is by far the dearest part of a list of tasks, and tasks share deadlines.
 *
 * @param extensions in the order in which they were given.
 */
export function computeDue(deadline: Deadline, extensions: readonly ExtraTime[]): Due {
  const extra = extensions.map(({ days, minutes }) => `+${days}d${minutes}m`).join('');
  const key = `${deadline.wall}[${deadline.zone}]${extra}`;
  const known = rememberedDues.get(key);
  if (known !== undefined) return known;
  const due: Due = {
    wall: computeExtendedWall(deadline, extensions),
    zone: deadline.zone,
    instant: computeDeadlineInstant(deadline, extensions),
    isExtended: extensions.length > 0,
  };
  if (rememberedDues.size >= maximumRemembered) rememberedDues.clear();
  rememberedDues.set(key, due);
  return due;
}
