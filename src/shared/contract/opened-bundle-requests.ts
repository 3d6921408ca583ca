import { z } from 'zod';
import { engagementDocumentSchema } from '../bundle/engagement-document.ts';
import { idSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';

const nothing = z.object({});
const opened = z.object({ bundleId: idSchema });

const openedBundleSchema = z.object({
  bundleId: idSchema,
  fileName: z.string(),
  sizeBytes: z.int(),
  /** By its own description; nothing of it is proven before `check` says so. */
  title: z.string(),
  organizationName: z.string(),
  engagements: z.array(
    z.object({
      index: z.int(),
      internName: z.string(),
      projectTitle: z.string(),
      acceptedCount: z.int(),
      taskCount: z.int(),
    }),
  ),
  /** What `stint verify` would say; it is found out while the bundle is read already. */
  check: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('checking') }),
    z.object({
      kind: z.literal('checked'),
      isWhole: z.boolean(),
      fileCount: z.int(),
      sizeBytes: z.int(),
      /** Paths and sentences, the first hundred of each; the counts are of all. */
      missing: z.array(z.string()),
      changed: z.array(z.string()),
      extra: z.array(z.string()),
      problems: z.array(z.string()),
      problemCount: z.int(),
      validReceipts: z.int(),
      redactedReceipts: z.int(),
      keyIds: z.array(z.string()),
    }),
    z.object({ kind: z.literal('unreadable'), message: z.string() }),
  ]),
});
export type OpenedBundle = z.infer<typeof openedBundleSchema>;

/**
 * Bundles opened to be read, also by somebody without an account. An open bundle's id stands in the place of a seat's
 * where its files are asked for (`hostPaths.file`). What is open is closed when the program ends.
 */
export const openedBundleRequests = {
  'bundle.open': defineRequest(
    'Opens a bundle to be read: one that was taken in, or one that was exported on this computer',
    z.union([z.object({ stagedId: idSchema }), z.object({ fileName: z.string().min(1).max(255) })]),
    opened,
  ),
  'bundle.openPath': defineRequest(
    'Opens a bundle of this machine to be read, where it lies',
    z.object({ path: z.string().min(1).max(4096) }),
    opened,
    'local',
  ),
  'bundle.close': defineRequest('Closes an open bundle', opened, nothing),
  'bundles.opened': defineRequest(
    'An open bundle: whose work it holds, and whether it is whole',
    opened,
    openedBundleSchema,
  ),
  'bundles.openedEngagement': defineRequest(
    'One engagement of an open bundle, with everything that was put into it',
    z.object({ bundleId: idSchema, index: z.int().min(0).max(499) }),
    engagementDocumentSchema,
  ),
} as const;
