import { z } from 'zod';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { bundledRevisionsSchema } from '../domain/bundle-options.ts';
import { erasedBundleName, erasedName } from '../domain/erasure.ts';
import { idSchema, sha256Schema, sizeBytesSchema } from '../domain/fields.ts';
import { deskScope } from '../domain/scopes.ts';
import { defineMutation, employerRoles } from './mutation.ts';

/** What was chosen for a bundle, as the record of it says. */
export const recordedContentsSchema = z.object({
  revisions: z.union([bundledRevisionsSchema, z.literal('chosen')]),
  hours: z.boolean(),
  evaluations: z.boolean(),
  namesRedacted: z.boolean(),
});

/**
 * A bundle was written on a device: which engagements it is about, what was chosen for it, and its hash, so that one
 * that turns up later can be told for what it is. It records what has happened, and so refuses nothing but what is
 * about nothing.
 */
export const recordBundle = defineMutation({
  name: 'bundle.record',
  version: 1,
  schema: z.object({
    exportId: idSchema,
    engagementIds: z.array(idSchema).min(1).max(500),
    fileName: z.string().min(1).max(255),
    sizeBytes: sizeBytesSchema,
    sha256: sha256Schema,
    contents: recordedContentsSchema,
  }),
  by: employerRoles,
  label: 'Export a bundle',
  async apply(store, args, context) {
    const { exportId, engagementIds, fileName, sizeBytes, sha256, contents } = args;
    for (const engagementId of engagementIds) await getRow(store, 'engagements', engagementId);
    await store.insert('bundleExports', {
      orgId: store.orgId,
      id: exportId,
      scope: deskScope,
      engagementIdsJson: JSON.stringify(engagementIds),
      // What is recorded after an erasure must not bring the name back.
      fileName: (await isOfErasedPerson(store, engagementIds)) ? erasedBundleName : fileName,
      sizeBytes,
      sha256,
      contentsJson: JSON.stringify(contents),
      exportedBy: context.actor.membershipId,
      claimedAt: context.claimedAt,
      createdAt: context.at,
    });
  },
});

/** The file of a bundle of one engagement is called by whose work it holds. */
async function isOfErasedPerson(
  store: MutationStore,
  engagementIds: readonly string[],
): Promise<boolean> {
  const [only, another] = engagementIds;
  if (only === undefined || another !== undefined) return false;
  const { membershipId, invitedName } = await getRow(store, 'engagements', only);
  if (membershipId === null) return invitedName === erasedName;
  const membership = await store.find('memberships', membershipId);
  return membership !== undefined && membership.erasedAt !== null;
}
