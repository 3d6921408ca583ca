import { z } from 'zod';
import { idSchema, instantSchema, sha256Schema } from '../domain/fields.ts';
import { errorCodes } from '../errors.ts';
import { maximumPushMutations } from './version.ts';

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
});
export type WireMutation = z.infer<typeof wireMutationSchema>;

export const pushRequestSchema = z.object({
  mutations: z.array(wireMutationSchema).min(1).max(maximumPushMutations),
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

export const headSchema = z.object({ seq: z.int().min(0), hash: z.string().max(64) });
export type Head = z.infer<typeof headSchema>;

/** Results in the order of the request's mutations. */
export const pushResponseSchema = z.object({
  results: z.array(pushResultSchema),
  head: headSchema,
});
export type PushResponse = z.infer<typeof pushResponseSchema>;
