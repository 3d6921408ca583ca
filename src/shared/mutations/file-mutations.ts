import { z } from 'zod';
import type { MutationStore } from '../database/mutation-store.ts';
import { sha256Schema, sizeBytesSchema } from '../domain/fields.ts';
import { defineMutation } from './mutation.ts';

/**
 * Marks every use that this person makes of a content as arrived, and completes the submissions whose
 * files are now all there (SY-9). Only the uses of the person who gave the content: knowing a hash is
 * no proof of having the file.
 */
export async function applyArrival(
  store: MutationStore,
  membershipId: string,
  content: { readonly sha256: string; readonly sizeBytes: number },
  at: string,
): Promise<void> {
  const waiting = await store.db
    .selectFrom('attachments')
    .select(['id', 'ownerKind', 'ownerId'])
    .where('orgId', '=', store.orgId)
    .where('sha256', '=', content.sha256)
    // A use that names another size than the content has is never complete: receipts state that size.
    .where('sizeBytes', '=', content.sizeBytes)
    .where('createdBy', '=', membershipId)
    .where('arrivedAt', 'is', null)
    .execute();
  const submissionIds = new Set<string>();
  for (const attachment of waiting) {
    await store.patch('attachments', attachment.id, { arrivedAt: at });
    if (attachment.ownerKind === 'submission') submissionIds.add(attachment.ownerId);
  }
  for (const submissionId of submissionIds) {
    const missing = await store.db
      .selectFrom('attachments')
      .select('id')
      .where('orgId', '=', store.orgId)
      .where('ownerId', '=', submissionId)
      .where('arrivedAt', 'is', null)
      .limit(1)
      .execute();
    if (missing.length === 0)
      await store.patch('submissions', submissionId, { filesCompleteAt: at });
  }
}

/** Run by the server when an upload is whole and its hash is right. The actor is the uploader. */
export const fileArrived = defineMutation({
  name: 'file.arrived',
  version: 1,
  schema: z.object({ sha256: sha256Schema, sizeBytes: sizeBytesSchema }),
  by: 'server',
  label: 'A file arrived',
  async apply(store, content, context) {
    await applyArrival(store, context.actor.membershipId, content, context.at);
  },
});
