import { z } from 'zod';
import { idSchema, instantSchema, sha256Schema } from './fields.ts';
import { submissionVerdictSchema } from './submission-marks.ts';

/**
 * What the server states, and signs, about a submission that arrived. The signature is Ed25519
 * (RFC 8032) over the statement's canonical JSON (RFC 8785) in UTF-8.
 */
export const receiptStatementSchema = z.object({
  format: z.literal('stint-receipt-1'),
  orgId: idSchema,
  submissionId: idSchema,
  taskId: idSchema,
  revision: z.int().min(1),
  manifestHash: sha256Schema,
  /** By the device's clock. */
  claimedAt: instantSchema,
  /** By the server's clock. */
  receivedAt: instantSchema,
  verdict: submissionVerdictSchema,
  files: z.array(z.object({ name: z.string(), sha256: sha256Schema, sizeBytes: z.int() })),
});
export type ReceiptStatement = z.infer<typeof receiptStatementSchema>;
