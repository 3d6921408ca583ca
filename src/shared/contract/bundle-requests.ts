import { z } from 'zod';
import { bundleOptionsSchema } from '../domain/bundle-options.ts';
import { idSchema, instantSchema } from '../domain/fields.ts';
import { recordedContentsSchema } from '../mutations/bundle-mutations.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema } from './shapes.ts';

const nothing = z.object({});
const seatOnly = z.object({ seatId: seatIdSchema });

/** An export that is under way, waits, or could not be done. */
const bundleJobSchema = z.object({
  jobId: idSchema,
  engagementIds: z.array(idSchema),
  /** What was asked for, to ask for it again where it failed. */
  options: bundleOptionsSchema,
  startedAt: instantSchema,
  state: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('running'),
      phase: z.enum(['fetching', 'writing']),
      doneBytes: z.int(),
      totalBytes: z.int(),
      /** Null until it can be told. */
      bytesPerSecond: z.number().nullable(),
    }),
    /** The disk is full; it goes on by itself when there is room. */
    z.object({ kind: z.literal('waiting_for_room') }),
    /** By the person, also over a restart; what is written stays until it goes on or is ended. */
    z.object({ kind: z.literal('paused'), doneBytes: z.int(), totalBytes: z.int() }),
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

/** What a bundle is about: engagements in the order given, or every agreed one of a project. */
const bundleSubjectSchema = {
  seatId: seatIdSchema,
  engagementIds: z.array(idSchema).max(500).default([]),
  projectId: idSchema.nullable().default(null),
};

/** Exports in the background, and the record of those of all employers. */
export const bundleRequests = {
  'bundle.begin': defineRequest(
    'Begins to export one engagement, several or a whole project as a bundle; it goes on after a restart',
    z.object({ ...bundleSubjectSchema, options: bundleOptionsSchema }),
    z.object({ jobId: idSchema }),
  ),
  'bundle.pause': defineRequest(
    'Lets an export rest; what is written stays',
    z.object({ seatId: seatIdSchema, jobId: idSchema }),
    nothing,
  ),
  'bundle.resume': defineRequest(
    'Goes on with an export that rests, from where it was',
    z.object({ seatId: seatIdSchema, jobId: idSchema }),
    nothing,
  ),
  'bundle.end': defineRequest(
    'Cancels an export, or takes one that has ended off the list',
    z.object({ seatId: seatIdSchema, jobId: idSchema }),
    nothing,
  ),
  'bundles.measure': defineRequest(
    'What a bundle would hold: its revisions, its files, their size, and what has to be fetched first',
    z.object({ ...bundleSubjectSchema, options: bundleOptionsSchema }),
    z.object({
      fileCount: z.int(),
      sizeBytes: z.int(),
      /** Of it, what is not on this computer yet. */
      toFetchBytes: z.int(),
      /** Every revision there is to choose from, in the order of the bundle. */
      revisions: z.array(
        z.object({
          submissionId: idSchema,
          engagementId: idSchema,
          internName: z.string(),
          taskTitle: z.string(),
          revision: z.int(),
          decision: z.enum(['accepted', 'changes_requested']).nullable(),
          fileCount: z.int(),
          sizeBytes: z.int(),
        }),
      ),
    }),
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
        /** Whose work, or on which project, as far as this computer knows. */
        about: z.string(),
        contents: recordedContentsSchema,
      }),
    ),
  ),
} as const;
