import { z } from 'zod';
import { idSchema, instantSchema } from '../../../shared/domain/fields.ts';
import { manifestFileSchema } from '../../../shared/domain/manifest.ts';

/** A change that had not reached the organization's work when the task left this person's sight. */
export const unsentChangeSchema = z.object({
  mutationId: idSchema,
  name: z.string(),
  version: z.int(),
  claimedAt: instantSchema,
  args: z.unknown(),
});
export type UnsentChange = z.infer<typeof unsentChangeSchema>;

/**
 * SY-10: what a person had prepared for a task that has left their sight, readable by itself. The files'
 * contents lie in the files folder under their hashes.
 */
export const vaultContentSchema = z.object({
  format: z.literal('stint-vault-item'),
  version: z.literal(1),
  organization: z.string(),
  project: z.string(),
  task: z.string(),
  instructions: z.string(),
  criteria: z.array(z.object({ id: idSchema, text: z.string(), isTicked: z.boolean() })),
  note: z.string(),
  /** The note as the server had it, as far as this device knew: an unchanged one may be written over. */
  noteOnServer: z.string(),
  files: z.array(manifestFileSchema),
  /** Submissions and times; in the order in which they were made. */
  unsent: z.array(unsentChangeSchema),
});
export type VaultContent = z.infer<typeof vaultContentSchema>;
