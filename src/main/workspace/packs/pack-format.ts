import { z } from 'zod';
import {
  idSchema,
  instantSchema,
  roleSchema,
  sha256Schema,
} from '../../../shared/domain/fields.ts';

/**
 * A change pack, `*.stintpack`: work that no server has yet, carried as a file. A ZIP whose entries are stored
 * as they are:
 *
 *   pack.json        whose work it is, and what else is in the archive, with its hashes
 *   changes.jsonl    the outbox rows as they are (SY-3), one a line
 *   files/<sha256>   the contents that they name and that were on that computer
 *
 * Importing one is harmless however often it is done, since a change is applied once by its id (SY-6).
 */
export const packFormat = 'stint-change-pack';
export const packVersion = 1;
export const packExtension = '.stintpack';

export const maximumPackChanges = 1_000_000;
/** In it and missing; an archive of more entries is not read. */
export const maximumPackFiles = 400_000;
/**
 * Of pack.json, which names each file twice: hundreds of thousands of files. What is written keeps to it as well, so
 * that it can be read again.
 */
export const maximumHeadBytes = 128 * 1024 * 1024;
export const maximumHeadValues = 8_000_000;
/** Of one change, which may carry a large submission (SY-6). */
export const maximumChangeBytes = 40 * 1024 * 1024;
/** In UTF-16 code units, of what is only shown: more of it is cut off, and the change or the file is carried all the same. */
export const longestShown = { name: 300, subject: 2000, message: 4000, field: 300 } as const;

export function shorten<Value>(value: Value, longest: number): Value | string {
  return typeof value === 'string' && value.length > longest
    ? `${value.slice(0, longest - 1)}…`.toWellFormed()
    : value;
}

/** In these states a change has not come back from a server: `applied` was answered and may still be lost (SY-15). */
export const unsentStates = [
  'pending',
  'applied',
  'held',
  'rejected',
  'kept',
  'quarantined',
] as const;

const sizeSchema = z.int().min(0);
const packedFileSchema = z.object({
  sha256: sha256Schema,
  sizeBytes: sizeSchema,
  name: z.string().max(longestShown.name),
});
export type PackedFile = z.infer<typeof packedFileSchema>;

const packedSeatSchema = z.object({
  serverUrl: z.string().max(500),
  accountId: idSchema,
  orgId: idSchema,
  membershipId: idSchema,
  email: z.string().max(300),
  organizationName: z.string().max(300),
  role: roleSchema,
  changeCount: sizeSchema,
  /** Contents that this device had still to bring to the server. */
  uploads: z.array(packedFileSchema),
});
export type PackedSeat = z.infer<typeof packedSeatSchema>;

export const packHeadSchema = z.object({
  format: z.literal(packFormat),
  version: z.literal(packVersion),
  createdAt: instantSchema,
  deviceName: z.string().max(300),
  stintVersion: z.string().max(100),
  seats: z.array(packedSeatSchema).max(1000),
  changes: z.object({
    count: sizeSchema.max(maximumPackChanges),
    sizeBytes: sizeSchema,
    sha256: sha256Schema,
  }),
  files: z.array(packedFileSchema),
  /** Named by a change, and not on that computer. */
  missing: z.array(packedFileSchema),
  /** What could not be read where the pack was made, and what no change carries, in plain words. */
  problems: z.array(z.string()),
});
export type PackHead = z.infer<typeof packHeadSchema>;

const packedRowSchema = z.object({
  deviceSeq: z.int().min(1),
  id: idSchema,
  name: z.string().max(80),
  version: z.int().min(1),
  argsJson: z.string(),
  argsHash: sha256Schema,
  previousHash: z.union([sha256Schema, z.literal('')]),
  rowHash: sha256Schema,
  claimedAt: instantSchema,
  bootId: z.string().max(80),
  monotonicMs: z.number(),
  baseSeq: sizeSchema,
  anchorJson: z.string().max(10_000).nullable(),
});
export type PackedRow = z.infer<typeof packedRowSchema>;

export const packedChangeSchema = z.object({
  /** Which of the head's seats. */
  seat: sizeSchema,
  row: packedRowSchema,
  state: z.enum(unsentStates),
  subject: z.string().max(longestShown.subject),
  code: z.string().max(80).nullable(),
  message: z.string().max(longestShown.message).nullable(),
  field: z.string().max(longestShown.field).nullable(),
  answeredAt: instantSchema.nullable(),
  /** Which rows it read or wrote, for what was refused or held back (SY-7). */
  touches: z.array(
    z.object({
      tableName: z.string().max(80),
      rowId: z.string().max(200),
      creates: z.union([z.literal(0), z.literal(1)]),
    }),
  ),
});
export type PackedChange = z.infer<typeof packedChangeSchema>;
