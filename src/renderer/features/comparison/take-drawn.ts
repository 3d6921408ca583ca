import type { DiffLine } from './text-diff.ts';

/** So many pieces of a comparison are drawn: a hundred thousand would hold up the window for seconds. */
const mostPieces = 5000;

/** Of a comparison what is drawn, from its beginning on; what is left of it is to be said. */
export function takeDrawn<Item>(
  items: readonly Item[],
  listLines: (item: Item) => readonly (DiffLine | undefined)[],
): { readonly drawn: readonly Item[]; readonly left: readonly Item[] } {
  let count = 0;
  const end = items.findIndex((item) => {
    for (const line of listLines(item)) count += 1 + (line?.pieces.length ?? 0);
    return count > mostPieces;
  });
  // The first one is drawn whatever it has.
  const drawnCount = end === -1 ? items.length : Math.max(1, end);
  return { drawn: items.slice(0, drawnCount), left: items.slice(drawnCount) };
}
