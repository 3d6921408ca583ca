import path from 'node:path';
import { z } from 'zod';
import { sha256Schema } from '../../shared/domain/fields.ts';

/**
 * A folder of backups:
 *
 *   snapshots/<name>/manifest.json     what belongs to it, with counts and SHA-256
 *   snapshots/<name>/manifest.sha256   of the manifest itself
 *   snapshots/<name>/tables/*.jsonl    one row a line
 *   snapshots/<name>/contents.jsonl    which contents belong to which organization
 *   snapshots/<name>/keys/*            what signs receipts
 *   contents/<two digits>/<sha256>     each content once, for all snapshots
 *
 * It knows no storage: from SQLite into PostgreSQL is the same as back into SQLite.
 */
export const backupFormat = 'stint-server-backup';
export const backupVersion = 1;

const fileEntrySchema = z.object({ sizeBytes: z.int().min(0), sha256: sha256Schema });
const nameSchema = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, 'expected a plain name');

const absentContentSchema = z.object({
  orgId: z.string(),
  sha256: sha256Schema,
  reason: z.enum(['missing', 'changed']),
});
export type AbsentContent = z.infer<typeof absentContentSchema>;

export const backupManifestSchema = z.object({
  format: z.literal(backupFormat),
  version: z.literal(backupVersion),
  createdAt: z.iso.datetime(),
  stintVersion: z.string(),
  /** Applied to the database, in order: the version in which the rows are. */
  migrations: z.array(z.string()).min(1),
  /** In an order in which they can be filled. */
  tables: z.array(fileEntrySchema.extend({ name: nameSchema, rows: z.int().min(0) })),
  contents: fileEntrySchema.extend({ count: z.int().min(0), contentBytes: z.int().min(0) }),
  /** What the database names and the server had lost, or had damaged, when the backup was made. */
  absent: z.array(absentContentSchema),
  keys: z.array(fileEntrySchema.extend({ name: nameSchema })),
});
export type BackupManifest = z.infer<typeof backupManifestSchema>;

export const contentLineSchema = z.object({
  orgId: z.string().regex(/^[0-9a-fA-F-]{1,64}$/),
  sha256: sha256Schema,
  sizeBytes: z.int().min(0),
});
export type ContentLine = z.infer<typeof contentLineSchema>;

export const snapshotPaths = {
  manifest: (snapshot: string) => path.join(snapshot, 'manifest.json'),
  manifestHash: (snapshot: string) => path.join(snapshot, 'manifest.sha256'),
  table: (snapshot: string, name: string) => path.join(snapshot, 'tables', `${name}.jsonl`),
  contents: (snapshot: string) => path.join(snapshot, 'contents.jsonl'),
  key: (snapshot: string, name: string) => path.join(snapshot, 'keys', name),
} as const;

export const backupPaths = {
  snapshots: (folder: string) => path.join(folder, 'snapshots'),
  content: (folder: string, sha256: string) =>
    path.join(folder, 'contents', sha256.slice(0, 2), sha256),
} as const;
