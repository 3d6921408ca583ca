import { z } from 'zod';
import { idSchema, instantSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema } from './shapes.ts';

export const searchKinds = [
  'project',
  'person',
  'task',
  'brief',
  'submission',
  'review',
  'file',
  'time',
] as const;
export const searchKindSchema = z.enum(searchKinds);
export type SearchKind = z.infer<typeof searchKindSchema>;

/** Stands around each word that was found, in a title or an excerpt. */
export const foundMark = { begin: '\u0002', end: '\u0003' } as const;

const searchHitSchema = z.object({
  seatId: seatIdSchema,
  kind: searchKindSchema,
  /** The row's own id. */
  id: idSchema,
  /** With what was found between `foundMark`s. */
  title: z.string(),
  excerpt: z.string(),
  /** Where it belongs: a project, an intern. */
  context: z.string(),
  at: instantSchema.nullable(),
  projectId: idSchema.nullable(),
  engagementId: idSchema.nullable(),
  taskId: idSchema.nullable(),
  submissionId: idSchema.nullable(),
});
export type SearchHit = z.infer<typeof searchHitSchema>;

export const searchRequests = {
  'search.find': defineRequest(
    'Looks for words, or their beginnings, in everything that this computer holds of the organizations',
    z.object({
      seatId: seatIdSchema.optional(),
      text: z.string().max(200),
      kinds: z.array(searchKindSchema).optional(),
      sort: z.enum(['best', 'newest']).default('best'),
      limit: z.int().min(1).max(200).default(50),
    }),
    z.object({
      hits: z.array(searchHitSchema),
      /** How many there are of each kind, counted up to a few thousand. */
      counts: z.partialRecord(searchKindSchema, z.int()),
      /** False while rows wait to be taken into the index; asking again finds more. */
      isComplete: z.boolean(),
    }),
  ),
} as const;
