import type { CalendarEvent } from '../calendar-file.ts';

/**
 * A task's deadline as a moment in a calendar, with the wall time and the zone in words, since the calendar shows it in its own
 * zone. The identity is the task's, for ever: a deadline that was moved replaces the one before.
 */
export function computeDeadlineEvent(task: {
  readonly taskId: string;
  readonly title: string;
  readonly project: string;
  readonly organization: string;
  /** Whose task it is; null for one's own. */
  readonly person: string | null;
  readonly due: { readonly wall: string; readonly zone: string; readonly instant: string };
  /** When it was set, moved or extended last. */
  readonly changedAt: string;
  /** How often that happened after it was set first. */
  readonly changes: number;
}): CalendarEvent {
  const { taskId, title, project, organization, person, due, changedAt, changes } = task;
  return {
    uid: `${taskId}@deadlines.stint`,
    startsAt: due.instant,
    endsAt: null,
    title: person === null ? `Due: ${title}` : `Due: ${title} (${person})`,
    description: `${project}, ${organization}\nDue ${due.wall.replace('T', ' ')} (${due.zone})`,
    categories: [project].filter((part) => part !== ''),
    changedAt,
    sequence: changes,
    isBusy: false,
  };
}
