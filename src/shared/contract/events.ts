import { z } from 'zod';

/**
 * What the engine tells of its own accord. Events carry no data: they say what to ask for again.
 *
 * - `changed`: rows of these kinds changed on a seat (a local change or a pull)
 * - `sync`: the sync state or the list of what waits changed
 * - `transfers`: a file moved on
 * - `timer`: the running timer changed
 * - `searchable`: the search finds more than before
 * - `app`: seats, settings or the update state changed
 * - `opened`: the system handed a link or a bundle to the program; the page at this path of the interface shows it
 * - `arrived`: something came that a person wants to be told of at once, or is nearly due
 */
export const engineEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('changed'), seatId: z.string(), tables: z.array(z.string()) }),
  z.object({ type: z.literal('sync') }),
  z.object({ type: z.literal('transfers') }),
  z.object({ type: z.literal('timer') }),
  z.object({ type: z.literal('searchable') }),
  z.object({ type: z.literal('app') }),
  z.object({ type: z.literal('opened'), path: z.string().regex(/^\/(?!\/)/) }),
  z.object({
    type: z.literal('arrived'),
    seatId: z.string(),
    kind: z.enum([
      'submission',
      'review',
      'task',
      'receipt',
      'person',
      'question',
      'evaluation',
      'reminder',
    ]),
    /** One line for a notification, without contents beyond titles and names. */
    title: z.string(),
    taskId: z.string().nullable(),
  }),
]);
export type EngineEvent = z.infer<typeof engineEventSchema>;
