import type { EntryEvent } from '../../../shared/contract/hours-requests.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Seat } from '../seats/seat.ts';
import { loadPeopleByMembership } from '../work/people-names.ts';

const shownFields: Readonly<Record<string, NonNullable<EntryEvent['field']>>> = {
  startedAt: 'startedAt',
  endedAt: 'endedAt',
  note: 'note',
  taskId: 'task',
};

/**
 * What was done to an entry, newest first: each edit with what it replaced, deletions, and where it began.
 *
 * @throws StintError `not_found`.
 */
export async function loadEntryEvents(seat: Seat, timeEntryId: string): Promise<EntryEvent[]> {
  const { orgId } = seat.record;
  const entry = await seat.db
    .selectFrom('timeEntries')
    .selectAll()
    .where('orgId', '=', orgId)
    .where('id', '=', timeEntryId)
    .executeTakeFirst();
  if (entry === undefined)
    throw new StintError('not_found', `there is no time entry ${timeEntryId} here`, {
      field: 'timeEntryId',
    });
  const edits = await seat.db
    .selectFrom('fieldEdits')
    .selectAll()
    .where('orgId', '=', orgId)
    .where('rowId', '=', timeEntryId)
    .orderBy('editedAt')
    .orderBy('id')
    .execute();
  const people = await loadPeopleByMembership(seat);
  const nameOf = (membershipId: string) => people.get(membershipId)?.name ?? '';
  const titles = await loadTitles(seat, entry.engagementId);
  const events: EntryEvent[] = [
    {
      at: entry.createdAt,
      byName: nameOf(entry.membershipId),
      kind: 'recorded',
      field: null,
      from: null,
      to: null,
      overwroteUnseen: false,
    },
  ];
  for (const edit of edits) {
    const from: unknown = JSON.parse(edit.previousJson);
    const to: unknown = JSON.parse(edit.nextJson);
    const field = shownFields[edit.field] ?? null;
    const show = (value: unknown): string | null =>
      field === null || typeof value !== 'string'
        ? null
        : field === 'task'
          ? (titles.get(value) ?? '')
          : value;
    events.push({
      at: edit.editedAt,
      byName: nameOf(edit.editedBy),
      kind: field !== null ? 'changed' : to === null ? 'brought_back' : 'deleted',
      field,
      from: show(from),
      to: show(to),
      overwroteUnseen: edit.overwroteUnseen === 1,
    });
  }
  return events.toReversed();
}

async function loadTitles(seat: Seat, engagementId: string): Promise<ReadonlyMap<string, string>> {
  const tasks = await seat.db
    .selectFrom('tasks')
    .select(['id', 'title'])
    .where('orgId', '=', seat.record.orgId)
    .where('engagementId', '=', engagementId)
    .execute();
  return new Map(tasks.map(({ id, title }) => [id, title]));
}
