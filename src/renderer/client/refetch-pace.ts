/** How long an answer took, and when it came, on the page's monotonic clock. */
export interface AnswerCost {
  readonly durationMs: number;
  readonly endedAtMs: number;
}

/** An answer this quick may be asked for at every change. */
const quickMs = 100;
/** A long answer takes at most one part in this many of the time. */
const share = 5;
const longestRestMs = 3_000;

/** How long to leave the workspace alone before asking the same again, 0 for not at all. */
export function computeRestMs({ durationMs, endedAtMs }: AnswerCost, nowMs: number): number {
  if (durationMs < quickMs) return 0;
  const restMs = Math.min(longestRestMs, durationMs * (share - 1));
  return Math.max(0, endedAtMs + restMs - nowMs);
}
