import { StintError } from '../../../shared/errors.ts';
import type { VaultItemRow } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import { listUnsentDraftChanges, loadDraftAsSeen } from './draft-as-seen.ts';
import { type VaultContent, vaultContentSchema } from './vault-content.ts';

/**
 * SY-10: when a task is in this person's sight again, its draft is put back from the vault, as new changes. What
 * was written elsewhere meanwhile is not written over: the item stays in the vault then. To be called after a
 * complete pull.
 */
export async function restoreFromVault(seat: Seat): Promise<void> {
  const items = await seat.db
    .selectFrom('vaultItems')
    .innerJoin('tasks', 'tasks.id', 'vaultItems.taskId')
    .innerJoin('engagements', 'engagements.id', 'tasks.engagementId')
    .selectAll('vaultItems')
    .where('tasks.orgId', '=', seat.record.orgId)
    .where('engagements.membershipId', '=', seat.record.membershipId)
    .where('engagements.status', '=', 'active')
    // Of several of one task, what was left last is what the person had before them.
    .orderBy('vaultItems.movedAt', 'desc')
    .execute();
  for (const item of items)
    try {
      await restore(seat, item);
    } catch (error) {
      // What the rules do not let back in stays in the vault, where it can be read and exported.
      if (!(error instanceof StintError)) throw error;
    }
}

async function restore(seat: Seat, item: VaultItemRow): Promise<void> {
  const content = vaultContentSchema.parse(JSON.parse(item.contentJson));
  const { taskId } = item;
  const found = await seat.db.transaction().execute(async (tx) => ({
    draft: await loadDraftAsSeen(seat, tx, taskId),
    unsent: await listUnsentDraftChanges(seat, tx, taskId),
    shown: await tx
      .selectFrom('drafts')
      .select('note')
      .where('orgId', '=', seat.record.orgId)
      .where('id', '=', taskId)
      .executeTakeFirst(),
  }));
  const current = found.shown?.note ?? '';
  const isNewerThere = current !== content.note && current !== content.noteOnServer;
  if (isNewerThere) return;
  const options = { subject: item.taskTitle };
  if (current !== content.note)
    await seat.mutate('draft.writeNote', { taskId, note: content.note }, options);
  await restoreTicks(seat, taskId, content, options);
  await restoreFiles(seat, taskId, content, options);
  await seat.db.transaction().execute(async (tx) => {
    if (found.unsent.length > 0)
      await tx
        .updateTable('outboxStates')
        .set({ state: 'replaced' })
        .where(
          'mutationId',
          'in',
          found.unsent.map(({ id }) => id),
        )
        .where('state', 'in', ['rejected', 'held', 'kept'])
        .execute();
    await tx.deleteFrom('vaultItems').where('vaultId', '=', item.vaultId).execute();
  });
  seat.announceChange(['outbox', 'drafts']);
}

async function restoreTicks(
  seat: Seat,
  taskId: string,
  { criteria }: VaultContent,
  options: { readonly subject: string },
): Promise<void> {
  const row = await seat.db
    .selectFrom('drafts')
    .select('tickedJson')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  const ticked = new Set(JSON.parse(row?.tickedJson ?? '[]') as string[]);
  for (const { id: criterionId, isTicked } of criteria)
    if (isTicked && !ticked.has(criterionId))
      await seat.mutate('draft.tickCriterion', { taskId, criterionId, ticked: true }, options);
}

async function restoreFiles(
  seat: Seat,
  taskId: string,
  { files }: VaultContent,
  options: { readonly subject: string },
): Promise<void> {
  const present = await seat.db
    .selectFrom('attachments')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('ownerId', '=', taskId)
    .execute();
  const ids = new Set(present.map(({ id }) => id));
  for (const file of files)
    if (!ids.has(file.attachmentId)) await seat.mutate('draft.attach', { taskId, file }, options);
}
