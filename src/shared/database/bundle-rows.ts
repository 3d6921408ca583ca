import { z } from 'zod';
import { idSchema, instantSchema, sha256Schema, sizeBytesSchema } from '../domain/fields.ts';

const rowKey = { orgId: idSchema, id: idSchema, scope: z.string().max(80) };

export const bundleRowSchemas = {
  /** A bundle that an employer exported, on whichever device; for the employers alone. */
  bundleExports: z.object({
    ...rowKey,
    engagementIdsJson: z.string(),
    fileName: z.string(),
    sizeBytes: sizeBytesSchema,
    sha256: sha256Schema,
    /** What was chosen for it. */
    contentsJson: z.string(),
    exportedBy: idSchema,
    claimedAt: instantSchema,
    createdAt: instantSchema,
  }),
} as const;
