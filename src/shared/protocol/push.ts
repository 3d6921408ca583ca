import { z } from 'zod';
import { idSchema, instantSchema, sha256Schema } from '../domain/fields.ts';
import { heldAnchorSchema, timeAnchorSchema } from '../domain/time-anchor.ts';
import { errorCodes } from '../errors.ts';
import { maximumPushMutations } from './version.ts';

/** A receipt as the server signed it once. */
export const receiptProofSchema = z.object({
  statementJson: z.string().max(4 * 1024 * 1024),
  keyId: z.string().max(64),
  signature: z.string().max(200),
});
export type ReceiptProof = z.infer<typeof receiptProofSchema>;

/** What was answered to this mutation before, by a server that has lost it since (SY-15). */
export const acknowledgementSchema = z.object({
  seq: z.int().min(1),
  /** For a submission, its receipt, where the device has it: the time of receipt and the verdict stay what they were. */
  receipt: receiptProofSchema.nullable(),
});
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;

/** An outbox row as it is sent (SY-3); it is never rewritten, so sending it again is harmless (SY-6). */
export const wireMutationSchema = z.object({
  id: idSchema,
  name: z.string().max(80),
  version: z.int().min(1),
  args: z.unknown(),
  /** SHA-256 of the arguments' canonical JSON. */
  argsHash: sha256Schema,
  /** The hash of this device's previous outbox row; the empty string for its first. */
  previousHash: z.union([sha256Schema, z.literal('')]),
  /** 1, 2, 3 … per device and organization. */
  deviceSeq: z.int().min(1),
  claimedAt: instantSchema,
  bootId: z.string().max(80),
  monotonicMs: z.number(),
  /** The sequence number up to which the device had seen the server's state. */
  baseSeq: z.int().min(0),
  /** SY-17: with a submission; null with anything else, and from a device that holds none. Since version 2. */
  anchor: heldAnchorSchema.nullable().default(null),
  /** SY-15: null unless it is sent again after the server lost it. Since version 2. */
  acknowledged: acknowledgementSchema.nullable().default(null),
});
export type WireMutation = z.infer<typeof wireMutationSchema>;

export const headSchema = z.object({ seq: z.int().min(0), hash: z.string().max(64) });
export type Head = z.infer<typeof headSchema>;

/**
 * `head` is the last that the workspace reached. A server that does not know it answers `head_unknown` and
 * takes nothing: it was restored from a backup, and the workspace has to pull first (SY-15). Since version 2;
 * null from a workspace that has not reached any.
 */
export const pushRequestSchema = z.object({
  mutations: z.array(wireMutationSchema).min(1).max(maximumPushMutations),
  head: headSchema.nullable().default(null),
});
export type PushRequest = z.infer<typeof pushRequestSchema>;

/**
 * `applied` with the number its changes got; `rejected` with the reason; `quarantined` when it was kept
 * for the employer to decide on. `repeated` says that the mutation had been answered before: this is
 * that answer, and nothing was done again.
 */
export const pushResultSchema = z.object({
  id: idSchema,
  status: z.enum(['applied', 'rejected', 'quarantined']),
  repeated: z.boolean(),
  seq: z.int().nullable(),
  code: z.enum(errorCodes).catch('refused').nullable(),
  message: z.string().nullable(),
  field: z.string().nullable(),
});
export type PushResult = z.infer<typeof pushResultSchema>;

/** Results in the order of the request's mutations. */
export const pushResponseSchema = z.object({
  results: z.array(pushResultSchema),
  head: headSchema,
  /** SY-17; its `seq` is 0. Since version 2. */
  anchor: timeAnchorSchema.nullable().default(null),
});
export type PushResponse = z.infer<typeof pushResponseSchema>;
