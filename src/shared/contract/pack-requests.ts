import { z } from 'zod';
import { idSchema, instantSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema } from './shapes.ts';

const packPreviewChangeSchema = z.object({
  organizationName: z.string(),
  /** What it is, e.g. "Submit work". */
  label: z.string(),
  subject: z.string(),
  claimedAt: instantSchema,
  /** It was refused, or waits for one that was; it comes with its reason, and is not sent by itself. */
  isRefused: z.boolean(),
  reason: z.string().nullable(),
});
export type PackPreviewChange = z.infer<typeof packPreviewChangeSchema>;

const packPreviewSchema = z.object({
  createdAt: instantSchema,
  deviceName: z.string(),
  seats: z.array(
    z.object({
      organizationName: z.string(),
      email: z.string(),
      serverUrl: z.string(),
      changes: z.int(),
      /** Of these, how many are on this computer already. */
      known: z.int(),
      /** The seat that takes them; null where there is none, and `problem` says why. */
      seatId: seatIdSchema.nullable(),
      problem: z.string().nullable(),
    }),
  ),
  /** The first 200. */
  changes: z.array(packPreviewChangeSchema),
  files: z.int(),
  fileBytes: z.int(),
  /** Names of files that are neither in the pack nor on this computer. */
  missingFiles: z.array(z.string()),
  /** What could not be read where the pack was made, and time that was no change yet. */
  problems: z.array(z.string()),
});
export type PackPreview = z.infer<typeof packPreviewSchema>;

export const writtenPackSchema = z.object({
  fileName: z.string(),
  path: z.string(),
  sizeBytes: z.int(),
  changes: z.int(),
  files: z.int(),
  /** Names of files that unsent work names and that are not on this computer. */
  missingFiles: z.array(z.string()),
  problems: z.array(z.string()),
});

const packImportSchema = z.object({
  imported: z.int(),
  /** How many were on this computer already. */
  known: z.int(),
  newFiles: z.int(),
  /** Why some of the pack was left alone. */
  passedOver: z.array(z.string()),
});
export type PackImport = z.infer<typeof packImportSchema>;

export const packRequests = {
  'pack.export': defineRequest(
    'Writes unsent work with its files into a change pack in the exports folder, of one seat or of all',
    z.object({ seatId: seatIdSchema.optional() }),
    writtenPackSchema,
  ),
  'pack.inspect': defineRequest(
    'What importing a staged change pack would do',
    z.object({ stagedId: idSchema }),
    packPreviewSchema,
  ),
  'pack.import': defineRequest(
    'Takes over the work in a staged change pack; doing it twice changes nothing more',
    z.object({ stagedId: idSchema }),
    packImportSchema,
  ),
} as const;
