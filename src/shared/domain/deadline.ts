import { Temporal } from 'temporal-polyfill';
import { computeEpochMs } from '../ports.ts';
import { computeBoundedInstant } from './bounded-instant.ts';
import type { Deadline } from './fields.ts';

const wallTimeLength = '2026-03-29T17:00'.length;

/** The wall time of a deadline with its extensions added, in its own zone: `2026-03-29T17:00`. */
export function computeExtendedWall(
  deadline: Pick<Deadline, 'wall'>,
  extensions: readonly { readonly days: number; readonly minutes: number }[],
): string {
  // A wall time has no zone, so that days and minutes add up as they do in UTC.
  let wallMs = computeEpochMs(`${deadline.wall}:00.000Z`);
  for (const { days, minutes } of extensions) wallMs += (days * 24 * 60 + minutes) * 60_000;
  return computeBoundedInstant(wallMs).slice(0, wallTimeLength);
}

/**
 * The instant at which a deadline passes (SY-19): a wall time in an IANA zone, with extensions added in
 * wall time first, so that "one more day" is the same hour tomorrow across a clock change.
 * Where clocks change, the later reading counts: a wall time that occurs twice means its second
 * occurrence, one that is skipped means as long after the gap (RFC 9557 leaves the choice; nobody is
 * late who could read the clock as being in time).
 */
export function computeDeadlineInstant(
  deadline: Deadline,
  extensions: readonly { readonly days: number; readonly minutes: number }[] = [],
): string {
  const wall = Temporal.PlainDateTime.from(computeExtendedWall(deadline, extensions));
  return computeBoundedInstant(
    wall.toZonedDateTime(deadline.zone, { disambiguation: 'later' }).epochMilliseconds,
  );
}

/** Whether `instant` is after `deadlineInstant`. Both ISO 8601 in UTC; the deadline's own moment is in time. */
export function isAfterDeadline(instant: string, deadlineInstant: string): boolean {
  return (
    Temporal.Instant.compare(
      Temporal.Instant.from(instant),
      Temporal.Instant.from(deadlineInstant),
    ) > 0
  );
}

/** The later of two instants. */
export function computeLaterInstant(left: string, right: string): string {
  return isAfterDeadline(left, right) ? left : right;
}
