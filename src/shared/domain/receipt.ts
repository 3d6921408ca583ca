import { z } from 'zod';
import { idSchema, instantSchema, sha256Schema } from './fields.ts';
import { submissionVerdictSchema } from './submission-marks.ts';
import { verdictInputsSchema } from './verdict.ts';

const receiptStatementV1Schema = z.object({
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

const receiptStatementV2Schema = receiptStatementV1Schema.extend({
  format: z.literal('stint-receipt-2'),
  /** SY-18: what the verdict was made from. */
  verdictInputs: verdictInputsSchema,
});

/**
 * What the server states, and signs, about a submission that arrived. The signature is Ed25519
 * (RFC 8032) over the statement's canonical JSON (RFC 8785) in UTF-8. Receipts are written in the second form;
 * those of the first stay valid.
 */
export const receiptStatementSchema = z.discriminatedUnion('format', [
  receiptStatementV1Schema,
  receiptStatementV2Schema,
]);
export type ReceiptStatement = z.infer<typeof receiptStatementSchema>;
