import { Temporal } from 'temporal-polyfill';
import { computeExtendedWall } from './deadline.ts';
import type { Deadline } from './fields.ts';
import { computeKnownZone } from './known-zone.ts';

/** What about a deadline is easily misread, so that both sides are told. */
export type DeadlineNote =
  /** The wall time does not exist on that day; it counts as long after the gap. */
  | { readonly kind: 'skipped'; readonly zone: string }
  /** The wall time comes twice on that day; the second time counts. */
  | { readonly kind: 'repeated'; readonly zone: string }
  /** Clocks there change in the days before it. */
  | {
      readonly kind: 'clock_change';
      readonly zone: string;
      readonly at: string;
      readonly minutes: number;
    }
  /** There it is a Saturday (6) or a Sunday (7). */
  | { readonly kind: 'weekend'; readonly zone: string; readonly weekday: 6 | 7 };

/** How long before a deadline a clock change is still worth a word. */
const clockChangeDays = 7;

function findOverlapNote(wall: string, zone: string): DeadlineNote | undefined {
  const plain = Temporal.PlainDateTime.from(wall);
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return undefined;
  return { kind: later.toPlainDateTime().equals(plain) ? 'repeated' : 'skipped', zone };
}

function findClockChange(
  due: Temporal.Instant,
  zone: string,
): Extract<DeadlineNote, { kind: 'clock_change' }> | undefined {
  // The transition at the very moment counts, too.
  const change = due
    .add({ milliseconds: 1 })
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('previous');
  if (change === null) return undefined;
  const days = (due.epochMilliseconds - change.epochMilliseconds) / 86_400_000;
  if (days > clockChangeDays) return undefined;
  const before = change.subtract({ milliseconds: 1 });
  const minutes = (change.offsetNanoseconds - before.offsetNanoseconds) / 60e9;
  return minutes === 0
    ? undefined
    : {
        kind: 'clock_change',
        zone,
        at: change.toInstant().toString({ fractionalSecondDigits: 3 }),
        minutes,
      };
}

/**
 * What to say of a deadline with its extensions: in the deadline's own zone, and in those of the two sides; of a zone that
 * this machine does not know, nothing.
 *
 * @param sides IANA zones; the first is the intern's, in whose week a weekend counts.
 */
export function computeDeadlineNotes(
  deadline: Deadline,
  extensions: readonly { readonly days: number; readonly minutes: number }[],
  sides: readonly string[],
): DeadlineNote[] {
  const wall = computeExtendedWall(deadline, extensions);
  const [zone = 'UTC', internZone = zone, ...others] = [deadline.zone, ...sides].map(
    computeKnownZone,
  );
  const due = Temporal.PlainDateTime.from(wall)
    .toZonedDateTime(zone, { disambiguation: 'later' })
    .toInstant();
  const overlap = findOverlapNote(wall, zone);
  const zones = [...new Set([zone, internZone, ...others])];
  const changes = zones
    .map((each) => findClockChange(due, each))
    .filter((change) => change !== undefined);
  const { dayOfWeek } = due.toZonedDateTimeISO(internZone);
  return [
    ...(overlap === undefined ? [] : [overlap]),
    ...changes,
    ...(dayOfWeek === 6 || dayOfWeek === 7
      ? [{ kind: 'weekend', zone: internZone, weekday: dayOfWeek } as const]
      : []),
  ];
}
