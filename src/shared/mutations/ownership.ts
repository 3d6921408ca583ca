import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { StintError } from '../errors.ts';
import type { Actor } from './mutation.ts';

/** The engagement, if it is this intern's own; else the same `not_found` as for one that does not exist. */
export async function getOwnEngagement(
  store: MutationStore,
  engagementId: string,
  actor: Actor,
): Promise<DomainRow<'engagements'>> {
  const engagement = await getRow(store, 'engagements', engagementId);
  if (engagement.membershipId !== actor.membershipId)
    throw new StintError(
      'not_found',
      `there is no engagement ${engagementId} of yours in this organization`,
    );
  return engagement;
}

/** The task, if it belongs to an engagement of this intern's; else `not_found`. */
export async function getOwnTask(
  store: MutationStore,
  taskId: string,
  actor: Actor,
): Promise<DomainRow<'tasks'>> {
  const task = await getRow(store, 'tasks', taskId);
  await getOwnEngagement(store, task.engagementId, actor);
  return task;
}
