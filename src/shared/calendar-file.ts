import {
  ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import { Temporal } from 'temporal-polyfill';

export interface CalendarEvent {
  /** The same for ever, so that a calendar replaces what it has. */
  readonly uid: string;
  readonly startsAt: string;
  /** Null for a moment. */
  readonly endsAt: string | null;
  readonly title: string;
  readonly description: string;
  readonly categories: readonly string[];
  /** When the thing was changed last. */
  readonly changedAt: string;
  /** Grows with each change. */
  readonly sequence: number;
  /** Whether it takes time out of the day. */
  readonly isBusy: boolean;
}

/** So many take the library a few milliseconds. */
const eventsAtOnce = 25;

/**
 * An iCalendar file (RFC 5545). All times are instants in UTC, which every calendar shows in its own zone, so that no zone
 * definitions are needed; lines are folded and texts escaped by the library. The same events give the same bytes.
 *
 * @param options.pass called between pieces of the work, so that others have their turn.
 */
export async function computeCalendarFile(
  name: string,
  events: readonly CalendarEvent[],
  options: { readonly refreshMinutes?: number; pass(): Promise<void> },
): Promise<string> {
  const begin = 'BEGIN:VEVENT\r\n';
  const end = 'END:VCALENDAR\r\n';
  const empty = writeCalendar(name, [], options);
  const pieces = [empty.slice(0, -end.length)];
  for (let from = 0; from < events.length; from += eventsAtOnce) {
    const piece = writeCalendar(name, events.slice(from, from + eventsAtOnce), options);
    pieces.push(piece.slice(piece.indexOf(begin), -end.length));
    await options.pass();
  }
  return [...pieces, end].join('');
}

function writeCalendar(
  name: string,
  events: readonly CalendarEvent[],
  options: { readonly refreshMinutes?: number },
): string {
  const calendar = new ICalCalendar({
    name,
    prodId: { company: 'Stint', product: 'Stint', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ...(options.refreshMinutes === undefined ? {} : { ttl: options.refreshMinutes * 60 }),
  });
  for (const event of events) {
    const changed = Temporal.Instant.from(event.changedAt);
    const added = calendar.createEvent({
      id: event.uid,
      start: Temporal.Instant.from(event.startsAt),
      ...(event.endsAt === null ? {} : { end: Temporal.Instant.from(event.endsAt) }),
      summary: event.title,
      stamp: changed,
      lastModified: changed,
      sequence: event.sequence,
      status: ICalEventStatus.CONFIRMED,
      ...(event.description === '' ? {} : { description: event.description }),
    });
    added.transparency(
      event.isBusy ? ICalEventTransparency.OPAQUE : ICalEventTransparency.TRANSPARENT,
    );
    for (const category of event.categories) added.createCategory({ name: category });
  }
  return `${calendar.toString().replace(/\r?\n/g, '\r\n').trimEnd()}\r\n`;
}
