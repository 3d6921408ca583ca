import { z } from 'zod';
import { idSchema, instantSchema } from '../domain/fields.ts';

/** What a draft held before; private to its intern, as the draft is. */
export const draftRowSchemas = {
  /**
   * An earlier version of a draft's note, or a file that was replaced or removed. A file's id is its attachment's, a
   * note's that of the stretch of writing that made it (`drafts.noteVersionId`).
   */
  draftVersions: z.object({
    orgId: idSchema,
    id: idSchema,
    scope: z.string().max(80),
    taskId: idSchema,
    kind: z.enum(['note', 'file']),
    /** Null for a file. */
    note: z.string().nullable(),
    /** The revision that was being prepared; it can be brought back until that one is handed in. */
    revision: z.int(),
    /** 1: what took its place was written without knowing it, on another device. */
    isConcurrent: z.int(),
    writtenAt: instantSchema,
    replacedAt: instantSchema,
  }),
};
