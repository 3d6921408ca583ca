/** One person's entry as far as overlaps are concerned. */
export interface OwnedStretch {
  readonly id: string;
  readonly owner: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

/**
 * The ids of the stretches that share time with another one of the same owner. One sweep in the order of
 * the starts: whatever overlaps at all overlaps the stretch that reaches furthest so far.
 */
export function computeOverlappingIds(stretches: readonly OwnedStretch[]): Set<string> {
  const overlapping = new Set<string>();
  const furthestByOwner = new Map<string, OwnedStretch>();
  const sorted = [...stretches].sort((left, right) =>
    left.startedAt < right.startedAt ? -1 : left.startedAt > right.startedAt ? 1 : 0,
  );
  for (const stretch of sorted) {
    const furthest = furthestByOwner.get(stretch.owner);
    if (furthest !== undefined && stretch.startedAt < furthest.endedAt) {
      overlapping.add(stretch.id);
      overlapping.add(furthest.id);
    }
    if (furthest === undefined || stretch.endedAt > furthest.endedAt)
      furthestByOwner.set(stretch.owner, stretch);
  }
  return overlapping;
}
