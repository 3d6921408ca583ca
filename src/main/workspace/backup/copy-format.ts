import { z } from 'zod';
import { sha256Schema } from '../../../shared/domain/fields.ts';

/**
 * A copy of a workspace's databases, in a folder of its own:
 *
 *   <number>-<time>/copy.json             what belongs to it
 *   <number>-<time>/copy.sha256           of that file itself
 *   <number>-<time>/workspace.db.gz
 *   <number>-<time>/seats/<seat>/seat.db.gz
 *   <number>-<time>/contents.jsonl        in a backup with contents: which
 *
 * The automatic ones lie in `<workspace>/backups`; those that a person asked for in `<DEST>/snapshots`, with
 * the contents in `<DEST>/contents/<two digits>/<sha256>`. No token is ever in one.
 */
export const copyFormat = 'stint-workspace-copy';
export const copyVersion = 1;

export const databaseNamePattern = /^(?:workspace\.db|seats\/[0-9a-f-]{36}\/seat\.db)$/;

export const copiedDatabaseSchema = z.object({
  /** Its path in the workspace's folder. */
  name: z.string().regex(databaseNamePattern),
  sizeBytes: z.int().min(0),
  sha256: sha256Schema,
  databaseBytes: z.int().min(0),
  /** Two copies of a database with the same one are of the same state. */
  signature: z.string().nullable(),
});
export type CopiedDatabase = z.infer<typeof copiedDatabaseSchema>;

export const copyReasonSchema = z.enum(['hourly', 'before_migration', 'asked_for']);
export type CopyReason = z.infer<typeof copyReasonSchema>;

export const copyManifestSchema = z.object({
  format: z.literal(copyFormat),
  version: z.literal(copyVersion),
  /** Copies are ordered by it, since clocks jump. */
  number: z.int().min(1),
  createdAt: z.iso.datetime(),
  reason: copyReasonSchema,
  stintVersion: z.string(),
  databases: z.array(copiedDatabaseSchema).min(1),
  contents: z
    .object({ count: z.int().min(0), contentBytes: z.int().min(0), sha256: sha256Schema })
    .nullable(),
});
export type CopyManifest = z.infer<typeof copyManifestSchema>;

export const copiedContentSchema = z.object({ sha256: sha256Schema, sizeBytes: z.int().min(0) });
export type CopiedContent = z.infer<typeof copiedContentSchema>;

export const copyFileName = (database: string): string => `${database}.gz`;
