import { z } from 'zod';
import { idSchema, instantSchema, sha256Schema } from '../domain/fields.ts';

/** How many entries of the log one answer holds at most. */
export const historyPageEntries = 1000;

/**
 * How another person's private act is called: that there was one has to be said, for the chain goes through it; what it was, when
 * it was made and on which device is nobody's business. Of its times only the one at which the server received it is true.
 */
export const privateActName = 'private';

/** The hash before the first entry is empty. */
const logHashSchema = z.union([sha256Schema, z.literal('')]);

/**
 * Where to go on: after this entry, whose hash is `afterHash`. A server that does not have it so was restored from a backup,
 * and answers from the beginning.
 */
export const historyRequestSchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  afterHash: logHashSchema.default(''),
});
export type HistoryRequest = z.infer<typeof historyRequestSchema>;

/** One line of the server's log. Its hash is computed as `docs/sync-protocol.md`, Hashes, says. */
export const historyEntrySchema = z.object({
  seq: z.int(),
  mutationId: idSchema,
  name: z.string(),
  version: z.int(),
  /** Null for a private act of somebody else, and where they were erased on a person's request. */
  argsJson: z.string().nullable(),
  argsHash: sha256Schema,
  actorMembershipId: idSchema,
  /** Null for what the server itself brought about. */
  deviceId: idSchema.nullable(),
  deviceName: z.string().nullable(),
  claimedAt: instantSchema,
  receivedAt: instantSchema,
  hash: sha256Schema,
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

export const historyPageSchema = z.object({
  /** The server does not know the entry that was named: what follows is the history from its beginning. */
  isFromStart: z.boolean(),
  /** In the order of their numbers. An intern gets their own acts alone, so numbers are left out there. */
  entries: z.array(historyEntrySchema),
  /** Up to where this page looked: the next one is asked after this. */
  reached: z.object({ seq: z.int(), hash: logHashSchema }),
  complete: z.boolean(),
});
export type HistoryPage = z.infer<typeof historyPageSchema>;
