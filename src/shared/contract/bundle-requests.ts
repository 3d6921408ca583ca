import { z } from 'zod';
import { bundleOptionsSchema } from '../domain/bundle-options.ts';
import { idSchema, instantSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema } from './shapes.ts';

const nothing = z.object({});
const seatOnly = z.object({ seatId: seatIdSchema });

/** An export that is under way, waits, or could not be done. */
const bundleJobSchema = z.object({
  jobId: idSchema,
  engagementIds: z.array(idSchema),
  startedAt: instantSchema,
  state: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('running'),
      phase: z.enum(['fetching', 'writing']),
      doneBytes: z.int(),
      totalBytes: z.int(),
    }),
    /** The disk is full; it goes on by itself when there is room. */
    z.object({ kind: z.literal('waiting_for_room') }),
    z.object({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
    z.object({
      kind: z.literal('done'),
      fileName: z.string(),
      path: z.string(),
      sizeBytes: z.int(),
      sha256: z.string(),
      missing: z.array(z.string()),
    }),
  ]),
});
export type BundleJob = z.infer<typeof bundleJobSchema>;

/** Exports in the background, and the record of those of all employers. */
export const bundleRequests = {
  'bundle.begin': defineRequest(
    'Begins to export one engagement or several as a bundle; it goes on after a restart',
    z.object({
      seatId: seatIdSchema,
      engagementIds: z.array(idSchema).min(1).max(500),
      options: bundleOptionsSchema,
    }),
    z.object({ jobId: idSchema }),
  ),
  'bundle.end': defineRequest(
    'Cancels an export, or takes one that has ended off the list',
    z.object({ seatId: seatIdSchema, jobId: idSchema }),
    nothing,
  ),
  'bundles.jobs': defineRequest(
    'Exports under way, and those that ended since the program began',
    seatOnly,
    z.array(bundleJobSchema),
  ),
  'bundles.records': defineRequest(
    'What was exported by whom, on whichever device',
    seatOnly,
    z.array(
      z.object({
        exportId: idSchema,
        engagementIds: z.array(idSchema),
        fileName: z.string(),
        sizeBytes: z.int(),
        sha256: z.string(),
        exportedBy: z.string(),
        exportedAt: instantSchema,
        namesRedacted: z.boolean(),
      }),
    ),
  ),
} as const;
