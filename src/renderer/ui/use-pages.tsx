import { startTransition, useEffect, useState, type ReactNode } from 'react';
import { formatCount } from '../format/numbers.ts';
import { Button } from './button.tsx';

/** More than fit on a screen. */
const itemsPerPage = 50;
/** About what a window shows; the rest of a page follows when these stand, unless something else has to be done. */
const itemsAtOnce = 20;

/** The first of many, and the button below them that shows more; none where all are shown. */
export function usePages<Item>(
  items: readonly Item[],
  {
    least = itemsPerPage,
    total = items.length,
  }: {
    /** So many are drawn at once. */
    readonly least?: number;
    /** How many there are, where not all were fetched. */
    readonly total?: number;
  } = {},
): {
  readonly shown: readonly Item[];
  readonly more: ReactNode;
} {
  const [pages, setPages] = useState(1);
  const [isBegun, setIsBegun] = useState(false);
  const count = Math.max(least, pages * itemsPerPage);
  const hasItems = items.length > 0;
  useEffect(() => {
    if (hasItems) startTransition(() => setIsBegun(true));
  }, [hasItems]);
  return {
    shown: items.slice(0, isBegun ? count : Math.min(count, itemsAtOnce)),
    more:
      items.length > count ? (
        <p>
          <Button onPress={() => setPages(pages + 1)}>Show more of {formatCount(total)}</Button>
        </p>
      ) : null,
  };
}
