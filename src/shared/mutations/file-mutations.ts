import { z } from 'zod';
import type { MutationStore } from '../database/mutation-store.ts';
import { sha256Schema, sizeBytesSchema } from '../domain/fields.ts';
import { defineMutation } from './mutation.ts';

/** As many contents as one mutation may name. */
const mostArrivals = 512;

/** How many ids one query may name. */
const queryChunk = 500;

const contentSchema = z.object({ sha256: sha256Schema, sizeBytes: sizeBytesSchema });
type Content = z.output<typeof contentSchema>;

/**
 * Marks every use that this person makes of these contents as arrived, and completes the submissions whose
 * files are now all there (SY-9). Only the uses of the person who gave the contents: knowing a hash is
 * no proof of having the file.
 */
export async function applyArrivals(
  store: MutationStore,
  membershipId: string,
  contents: readonly Content[],
  at: string,
): Promise<void> {
  const sizes = new Map(contents.map(({ sha256, sizeBytes }) => [sha256, sizeBytes]));
  const submissionIds = new Set<string>();
  for (const attachment of await loadWaiting(store, membershipId, [...sizes.keys()])) {
    // A use that names another size than the content has is never complete: receipts state that size.
    if (sizes.get(attachment.sha256) !== attachment.sizeBytes) continue;
    await store.patch('attachments', attachment.id, { arrivedAt: at });
    if (attachment.ownerKind === 'submission') submissionIds.add(attachment.ownerId);
  }
  // Once for each submission, after all its files: a look at thousands of files after each of them would take minutes.
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

async function loadWaiting(store: MutationStore, membershipId: string, hashes: readonly string[]) {
  const waiting = [];
  for (let start = 0; start < hashes.length; start += queryChunk)
    waiting.push(
      ...(await store.db
        .selectFrom('attachments')
        .select(['id', 'sha256', 'sizeBytes', 'ownerKind', 'ownerId'])
        .where('orgId', '=', store.orgId)
        .where('sha256', 'in', hashes.slice(start, start + queryChunk))
        .where('createdBy', '=', membershipId)
        .where('arrivedAt', 'is', null)
        .execute()),
    );
  return waiting;
}

/** Run by the server when an upload is whole and its hash is right. The actor is the uploader. */
export const fileArrived = defineMutation({
  name: 'file.arrived',
  version: 1,
  schema: contentSchema,
  by: 'server',
  label: 'A file arrived',
  async apply(store, content, context) {
    await applyArrivals(store, context.actor.membershipId, [content], context.at);
  },
});

/** The same for small files that came together: one number, and one line in the log, for all of them. */
export const filesArrived = defineMutation({
  name: 'files.arrived',
  version: 1,
  schema: z.object({ files: z.array(contentSchema).min(1).max(mostArrivals) }),
  by: 'server',
  label: 'Files arrived',
  async apply(store, { files }, context) {
    await applyArrivals(store, context.actor.membershipId, files, context.at);
  },
});
