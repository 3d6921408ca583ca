import { z } from 'zod';
import { idSchema, instantSchema } from './fields.ts';

/**
 * SY-17: what the server states, and signs, about the time at which it answered a device: "by `at` this
 * device had been shown the organization up to `seq`". The signature is Ed25519 (RFC 8032), with the key that signs receipts, over the
 * statement's canonical JSON (RFC 8785) in UTF-8.
 */
export const timeAnchorStatementSchema = z.object({
  format: z.literal('stint-anchor-1'),
  orgId: idSchema,
  deviceId: idSchema,
  /** By the server's clock. */
  at: instantSchema,
  /** The head up to which this answer brought the device; 0 where it did not bring it to a head. */
  seq: z.int().min(0),
});
export type TimeAnchorStatement = z.infer<typeof timeAnchorStatementSchema>;

/** A statement as it was signed, byte for byte, so that it can be verified again. */
export const timeAnchorSchema = z.object({
  statementJson: z.string().max(2000),
  keyId: z.string().max(64),
  signature: z.string().max(200),
});
export type TimeAnchor = z.infer<typeof timeAnchorSchema>;

/**
 * The newest anchor that a device held when a person acted, and how long it had held it.
 * `elapsedMs` is measured by the monotonic clock, and null where the machine was started again in between,
 * so that nothing can be said of the time since.
 */
export const heldAnchorSchema = timeAnchorSchema.extend({
  elapsedMs: z.number().min(0).nullable(),
  /**
   * When it came, by the device's wall clock: what a clock was wrong by then, it was most likely wrong by all along,
   * asleep or started again. Null where that was not noted.
   */
  heldSince: instantSchema.nullable().default(null),
});
export type HeldAnchor = z.infer<typeof heldAnchorSchema>;

/** What is known from an anchor whose signature, organization and device the server has found right. */
export interface VerifiedAnchor {
  readonly at: string;
  readonly seq: number;
  /** Milliseconds since the anchor came, as far as the device counted them. */
  readonly elapsedMs: number | null;
  readonly heldSince: string | null;
}
