import { z } from 'zod';
import { headSchema } from './push.ts';

const scopeCursorSchema = z.object({ scope: z.string().max(80), seq: z.int().min(0) });
export type ScopeCursor = z.infer<typeof scopeCursorSchema>;

/** SY-10, SY-11: what the workspace holds, scope by scope. */
export const pullRequestSchema = z.object({
  scopes: z.array(scopeCursorSchema).max(10_000),
  /** The last head that the workspace reached, so that the server can tell whether it knows it (SY-15). */
  head: headSchema.nullable(),
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
});
export type PullResponse = z.infer<typeof pullResponseSchema>;
