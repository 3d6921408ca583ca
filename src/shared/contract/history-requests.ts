import { z } from 'zod';
import { dateSchema, idSchema, instantSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema } from './shapes.ts';

const historyEntrySchema = z.object({
  /** The organization's number; null for what this computer has not sent yet. */
  seq: z.int().nullable(),
  mutationId: idSchema,
  /** The mutation's name, such as `task.assign`. */
  name: z.string(),
  /** What was done, in words, such as "Assign a task". */
  label: z.string(),
  /** What it was done to: a title or a name; empty where that is not known here. */
  subject: z.string(),
  membershipId: idSchema,
  personName: z.string(),
  /** Null for what the server itself brought about, and for a device that has signed out for good. */
  deviceName: z.string().nullable(),
  isByServer: z.boolean(),
  /** What the device's clock said. */
  claimedAt: instantSchema,
  /** What the server's clock said; null for what was not sent yet. */
  receivedAt: instantSchema.nullable(),
  isErased: z.boolean(),
});
export type HistoryItem = z.infer<typeof historyEntrySchema>;

const historyFilterShape = {
  seatId: seatIdSchema,
  membershipId: idSchema.optional(),
  /** A mutation's name. */
  name: z.string().max(80).optional(),
  /** Days in this computer's zone, both included, by the time of receipt. */
  from: dateSchema.optional(),
  to: dateSchema.optional(),
  /** Part of what was sent with it, ignoring case. */
  text: z.string().trim().max(200).optional(),
};
export const historyFilterSchema = z.object(historyFilterShape);
export type HistoryFilter = z.infer<typeof historyFilterSchema>;

/** Every act in an organization: who, when, from which device, by claim and by receipt. */
export const historyRequests = {
  'history.list': defineRequest(
    'What was done in the organization, newest first, as far as this computer has fetched it',
    z.object({
      ...historyFilterShape,
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(1000).default(200),
    }),
    z.object({
      total: z.int(),
      entries: z.array(historyEntrySchema),
      /** Acts of this computer that the server has not answered yet, newest first. */
      unsent: z.array(historyEntrySchema),
      /** Of all entries, for filters. */
      people: z.array(z.object({ membershipId: idSchema, name: z.string() })),
      kinds: z.array(z.object({ name: z.string(), label: z.string() })),
      /** When it was fetched last; null before the first time. */
      fetchedAt: instantSchema.nullable(),
    }),
  ),
  'history.fetch': defineRequest(
    'Fetches what is new in the history from the server',
    z.object({ seatId: seatIdSchema }),
    z.object({ added: z.int() }),
  ),
  'history.details': defineRequest(
    'What was sent with one act, as JSON; null where it is private to somebody or was erased',
    z.object({ seatId: seatIdSchema, seq: z.int().min(1) }),
    z.object({ argsJson: z.string().nullable(), argsHash: z.string(), hash: z.string() }),
  ),
  'history.check': defineRequest(
    'Whether the entries form one unbroken chain of hashes',
    z.object({ seatId: seatIdSchema }),
    z.object({ entries: z.int(), isWhole: z.boolean(), problem: z.string().nullable() }),
  ),
  'history.export': defineRequest(
    'Writes the history, or what a filter leaves of it, as CSV and JSON Lines into the exports folder',
    historyFilterSchema,
    z.object({ fileName: z.string(), path: z.string(), sizeBytes: z.int(), entries: z.int() }),
  ),
} as const;
