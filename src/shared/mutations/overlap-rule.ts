import type { MutationStore } from '../database/mutation-store.ts';
import { computeOverlappingIds } from '../domain/overlaps.ts';
import { StintError } from '../errors.ts';

/**
 * The employer cannot approve time that is there twice: two entries of one person, of whatever engagement of the
 * organization, that share time (design, conflicts).
 *
 * @throws StintError `refused` where one of these entries overlaps another.
 */
export async function assertNoOverlap(
  store: MutationStore,
  membershipId: string,
  timeEntryIds: readonly string[],
): Promise<void> {
  const entries = [];
  for (const id of timeEntryIds) {
    const entry = await store.find('timeEntries', id);
    if (entry !== undefined && entry.deletedAt === null) entries.push(entry);
  }
  if (entries.length === 0) return;
  let [startsAt, endsAt] = [entries[0]?.startedAt ?? '', entries[0]?.endedAt ?? ''];
  for (const { startedAt, endedAt } of entries) {
    if (startedAt < startsAt) startsAt = startedAt;
    if (endedAt > endsAt) endsAt = endedAt;
  }
  // By way of the person's engagements: of everybody's time, most of the organization's lies before the end.
  const around = await store.db
    .selectFrom('engagements')
    .innerJoin('timeEntries', (join) =>
      join
        .onRef('timeEntries.orgId', '=', 'engagements.orgId')
        .onRef('timeEntries.engagementId', '=', 'engagements.id'),
    )
    .select([
      'timeEntries.id',
      'timeEntries.membershipId as owner',
      'timeEntries.startedAt',
      'timeEntries.endedAt',
    ])
    .where('engagements.orgId', '=', store.orgId)
    .where('engagements.membershipId', '=', membershipId)
    .where('timeEntries.membershipId', '=', membershipId)
    .where('timeEntries.deletedAt', 'is', null)
    .where('timeEntries.startedAt', '<', endsAt)
    .where('timeEntries.endedAt', '>', startsAt)
    .execute();
  const overlapping = computeOverlappingIds(around);
  const count = entries.filter(({ id }) => overlapping.has(id)).length;
  if (count > 0)
    throw new StintError(
      'refused',
      `${count === 1 ? 'one entry overlaps' : `${count} entries overlap`} other time of the same person; the intern has to resolve that first`,
    );
}
