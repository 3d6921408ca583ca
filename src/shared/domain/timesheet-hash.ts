import { computeCanonicalJson } from '../canonical-json.ts';
import type { Sha256Hex } from '../ports.ts';

/** What of an entry counts for an approval. */
export interface HashedEntry {
  readonly id: string;
  readonly taskId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly zone: string;
  readonly note: string;
}

/** Names exactly what a timesheet holds, in whatever order: an approval says by it what the employer saw. */
export function computeTimesheetHash(
  entries: readonly HashedEntry[],
  sha256Hex: Sha256Hex,
): string {
  const sorted = entries
    .map(({ id, taskId, startedAt, endedAt, zone, note }) => ({
      id,
      taskId,
      startedAt,
      endedAt,
      zone,
      note,
    }))
    .sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  return sha256Hex(computeCanonicalJson(sorted));
}
