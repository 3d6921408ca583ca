import { z } from 'zod';
import { instantSchema } from '../domain/fields.ts';
import { writtenPackSchema } from './pack-requests.ts';
import { defineRequest } from './request.ts';

const nothing = z.object({});

const workspaceCopySchema = z.object({
  copyId: z.string(),
  createdAt: instantSchema.nullable(),
  reason: z.enum(['hourly', 'before_migration', 'asked_for']).nullable(),
  /** Paths of the databases in it. */
  databases: z.array(z.string()),
  sizeBytes: z.int(),
  /** Why it cannot be used; null where nothing speaks against it. */
  problem: z.string().nullable(),
});
export type WorkspaceCopy = z.infer<typeof workspaceCopySchema>;

const workspaceDamageSchema = z.object({
  /** In plain words, for a person. */
  message: z.string(),
  databases: z.array(
    z.object({
      /** Its path in the workspace's folder. */
      name: z.string(),
      /** Whose work lies in it, where that is known. */
      organizationName: z.string().nullable(),
      /** In the database program's own words. */
      problem: z.string(),
    }),
  ),
  /** The copy that `recovery.restore` would rather take; null where there is none. */
  newestCopyId: z.string().nullable(),
});
export type WorkspaceDamage = z.infer<typeof workspaceDamageSchema>;

/** Answered also where the workspace could not be opened, when everything else answers `database_damaged`. */
export const recoveryRequests = {
  'recovery.state': defineRequest(
    'Whether a database of this workspace is damaged, and which copies there are, the newest first',
    nothing,
    z.object({
      folder: z.string(),
      damage: workspaceDamageSchema.nullable(),
      copies: z.array(workspaceCopySchema),
      /** Why the last automatic copy could not be made. */
      copyProblem: z.string().nullable(),
    }),
  ),
  'recovery.restore': defineRequest(
    'Puts a copy in the place of the damaged databases, which move aside; refused while nothing is damaged',
    z.object({ copyId: z.string().max(100) }),
    z.object({ createdAt: instantSchema, aside: z.string() }),
  ),
  'recovery.rescue': defineRequest(
    'Writes what is still readable of unsent work into a change pack in the exports folder',
    nothing,
    writtenPackSchema,
  ),
} as const;
