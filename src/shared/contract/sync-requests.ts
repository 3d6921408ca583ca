import { z } from 'zod';
import { dateSchema, idSchema, instantSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { fileSchema, seatIdSchema, seatSyncSchema, stagedFileSchema } from './shapes.ts';

const nothing = z.object({});

export const waitingChangeSchema = z.object({
  seatId: seatIdSchema,
  organizationName: z.string(),
  mutationId: idSchema,
  /** What it is, e.g. "Submit work". */
  label: z.string(),
  /** What it is about, e.g. the task's title; empty when unknown. */
  subject: z.string(),
  /** Of a timesheet: its days, both included. */
  days: z.object({ startsOn: dateSchema, endsOn: dateSchema }).nullable(),
  claimedAt: instantSchema,
  /** The mutation's name, e.g. "time.add". */
  name: z.string(),
  /**
   * `held`: waits for a refused one that it builds on; `kept`: access ended, the work is kept here;
   * `with_employer`: it came after access had ended, and the organization decides on it.
   */
  state: z.enum(['waiting', 'sending', 'confirming', 'refused', 'held', 'kept', 'with_employer']),
  /** For `held`: the change that it waits for. */
  waitsForId: idSchema.nullable(),
  /** Whether sending it again can lead anywhere: not while this person has no access. */
  canSendAgain: z.boolean(),
  reasonCode: z.string().nullable(),
  reason: z.string().nullable(),
  argsJson: z.string(),
});
export type WaitingChange = z.infer<typeof waitingChangeSchema>;

/** What a change was before it was taken off the list. */
const dismissibleStateSchema = z.enum(['rejected', 'held', 'kept']);

export const transferSchema = z.object({
  seatId: seatIdSchema,
  organizationName: z.string(),
  direction: z.enum(['up', 'down']),
  sha256: z.string(),
  name: z.string(),
  sizeBytes: z.int(),
  movedBytes: z.int(),
  bytesPerSecond: z.int().nullable(),
  state: z.enum(['waiting', 'moving', 'failed']),
  problem: z.string().nullable(),
  /** Whether it can be ended for good: what was handed in, or belongs to a task, can only be paused. */
  isStoppable: z.boolean(),
  /** Whether it goes on only when the person brings the file again, as the problem says. */
  needsFile: z.boolean(),
});
export type Transfer = z.infer<typeof transferSchema>;

export const syncRequests = {
  'sync.status': defineRequest(
    'The sync state over all seats, and of each',
    nothing,
    z.object({
      overall: seatSyncSchema,
      /**
       * SY-17: how far this computer's clock is ahead of a server's, in milliseconds, negative where it is behind; of
       * several servers the one it is furthest from. Null where none has stated its time yet.
       */
      clockDifferenceMs: z.int().nullable(),
      /** Why the hourly copy of this workspace could not be made; null where it could. */
      copyProblem: z.string().nullable(),
      seats: z.array(
        z.object({
          seatId: seatIdSchema,
          sync: seatSyncSchema,
          /** When it is tried again by itself; null while it is being tried, or where only a person can mend it. */
          nextAttemptAt: instantSchema.nullable(),
          /** Since when this person's access has been ended. */
          accessEndedAt: instantSchema.nullable(),
        }),
      ),
    }),
  ),
  'sync.now': defineRequest(
    'Tries to synchronise at once, without waiting for the outcome',
    nothing,
    nothing,
  ),
  'sync.waiting': defineRequest(
    'What waits, what is moving, and what was refused (newest 1,000 changes)',
    nothing,
    z.object({ changes: z.array(waitingChangeSchema), transfers: z.array(transferSchema) }),
  ),
  'sync.sendAgain': defineRequest(
    'Sends a refused change again as a new one, edited where `args` is given; what was held back by it follows',
    z.object({ seatId: seatIdSchema, mutationId: idSchema, args: z.unknown().optional() }),
    z.object({ mutationId: idSchema }),
  ),
  'sync.dismiss': defineRequest(
    'Takes a refused or kept change off the list; it stays in the database',
    z.object({ seatId: seatIdSchema, mutationId: idSchema }),
    z.object({ previousState: dismissibleStateSchema }),
  ),
  'sync.undoDismiss': defineRequest(
    'Puts a change back on the list that was taken off it',
    z.object({
      seatId: seatIdSchema,
      mutationId: idSchema,
      previousState: dismissibleStateSchema,
    }),
    nothing,
  ),
  'sync.export': defineRequest(
    'Writes refused, held or kept changes with their files into a ZIP in the exports folder',
    z.object({ seatId: seatIdSchema }),
    z.object({ fileName: z.string(), path: z.string(), sizeBytes: z.int() }),
  ),
  'files.importPath': defineRequest(
    'Takes in a file of this machine by its path',
    z.object({ path: z.string().min(1) }),
    stagedFileSchema,
    'local',
  ),
  'files.fetch': defineRequest(
    "Brings a file's content to this computer ahead of the queue",
    z.object({ seatId: seatIdSchema, attachmentId: idSchema }),
    fileSchema,
  ),
} as const;
