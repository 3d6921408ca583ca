import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import type { Actor } from './mutation.ts';

/**
 * The task, if it belongs to an engagement of this intern's; else the very `not_found` of one that does not
 * exist: nothing of another's, not even that it is there.
 */
export async function getOwnTask(
  store: MutationStore,
  taskId: string,
  actor: Actor,
): Promise<DomainRow<'tasks'>> {
  const task = await getRow(store, 'tasks', taskId);
  const engagement = await store.find('engagements', task.engagementId);
  if (engagement?.membershipId !== actor.membershipId) throw createRowNotFound('tasks', taskId);
  return task;
}
