import { z } from 'zod';
import { idSchema, instantSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema } from './shapes.ts';

const oneItem = z.object({ seatId: seatIdSchema, vaultId: idSchema });

const vaultItemSchema = z.object({
  seatId: seatIdSchema,
  vaultId: idSchema,
  organizationName: z.string(),
  projectTitle: z.string(),
  taskTitle: z.string(),
  /** When the task left this person's sight. */
  movedAt: instantSchema,
  exportedAt: instantSchema.nullable(),
  fileCount: z.int(),
  sizeBytes: z.int(),
  /** Submissions and times that had not reached the organization's work. */
  unsentCount: z.int(),
});
export type VaultItem = z.infer<typeof vaultItemSchema>;

/** What a person had prepared for tasks that have left their sight (SY-10). */
export const vaultRequests = {
  'vault.list': defineRequest(
    'Drafts and unsent work kept on this computer for tasks that have left your sight, newest first',
    z.object({}),
    z.array(vaultItemSchema),
  ),
  'vault.get': defineRequest(
    'One task as it was left: note, ticks, files, and what was not sent',
    oneItem,
    z.object({
      item: vaultItemSchema,
      instructions: z.string(),
      criteria: z.array(z.object({ id: idSchema, text: z.string(), isTicked: z.boolean() })),
      note: z.string(),
      files: z.array(
        z.object({
          attachmentId: idSchema,
          name: z.string(),
          sizeBytes: z.int(),
          mediaType: z.string(),
          isHere: z.boolean(),
        }),
      ),
      unsent: z.array(
        z.object({
          mutationId: idSchema,
          label: z.string(),
          claimedAt: instantSchema,
          /** In plain words, what has become of it since. */
          outcome: z.string(),
          argsJson: z.string(),
        }),
      ),
    }),
  ),
  'vault.export': defineRequest(
    'Writes one task as it was left into a ZIP in the exports folder, with its files under their own names',
    oneItem,
    z.object({ fileName: z.string(), path: z.string(), sizeBytes: z.int() }),
  ),
  'vault.remove': defineRequest(
    'Removes what was kept of one task from this computer; unsent changes stay on the list of what needs attention',
    oneItem,
    z.object({}),
  ),
} as const;
