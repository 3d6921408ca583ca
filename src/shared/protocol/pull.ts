import { z } from 'zod';
import { timeAnchorSchema } from '../domain/time-anchor.ts';
import { headSchema } from './push.ts';
import { maximumKnownHeads } from './version.ts';

const scopeCursorSchema = z.object({ scope: z.string().max(80), seq: z.int().min(0) });
export type ScopeCursor = z.infer<typeof scopeCursorSchema>;

/** SY-10, SY-11: what the workspace holds, scope by scope. */
export const pullRequestSchema = z.object({
  scopes: z.array(scopeCursorSchema).max(10_000),
  /** The last head that the workspace reached, so that the server can tell whether it knows it (SY-15). */
  head: headSchema.nullable(),
  /** Heads that it reached before, newest first, for finding the common point with a restored server. Since version 2. */
  knownHeads: z.array(headSchema).max(maximumKnownHeads).default([]),
});
export type PullRequest = z.infer<typeof pullRequestSchema>;

export const pulledRowSchema = z.object({
  table: z.string(),
  seq: z.int(),
  row: z.record(z.string(), z.unknown()),
});
export type PulledRow = z.infer<typeof pulledRowSchema>;

/**
 * One page. `scopes` is the complete list of what the person may see now, each with the number up to
 * which this page brings it; `added` those that the request did not name, `removed` those it named and
 * the person may not see any more. `complete` when every scope has reached `head`.
 */
export const pullResponseSchema = z.object({
  head: headSchema,
  scopes: z.array(scopeCursorSchema),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  rows: z.array(pulledRowSchema),
  complete: z.boolean(),
  /**
   * SY-15: null, unless the server does not know `head`, since it was restored from a backup. Then this page is
   * the first of a fresh beginning: everything mirrored goes, and `common` is the newest of the heads named that
   * the server knows ({seq: 0, hash: ''} where it knows none). Since version 2.
   */
  restart: z.object({ common: headSchema }).nullable().default(null),
  /** SY-17; its `seq` is the head's where the page is complete, else 0. Since version 2. */
  anchor: timeAnchorSchema.nullable().default(null),
});
export type PullResponse = z.infer<typeof pullResponseSchema>;

/** SY-14: asks what the server holds of these scopes, once the workspace has reached its head. */
export const checksumsRequestSchema = z.object({
  scopes: z.array(z.string().max(80)).min(1).max(10_000),
});

/**
 * What the server holds, at `head`, of each of the scopes asked for that this person may see. How the
 * checksum comes about stands in `shared/domain/scope-checksum.ts`.
 */
export const checksumsResponseSchema = z.object({
  head: headSchema,
  checksums: z.array(
    z.object({ scope: z.string().max(80), count: z.int().min(0), checksum: z.string().max(64) }),
  ),
});
export type ChecksumsResponse = z.infer<typeof checksumsResponseSchema>;
