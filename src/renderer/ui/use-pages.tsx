import { startTransition, useEffect, useState, type ReactNode } from 'react';
import { formatCount } from '../format/numbers.ts';
import { Button } from './button.tsx';

/** More than fit on a screen. */
const itemsPerPage = 50;
/** About what a window shows; the rest of a page follows when these stand, unless something else has to be done. */
export const itemsAtOnce = 14;

/** The first of many, and the button below them that shows more; none where all are shown. */
export function usePages<Item>(
  items: readonly Item[],
  {
    least = itemsPerPage,
    atOnce = itemsAtOnce,
    total = items.length,
  }: {
    /** So many are shown, however many fit on a page. */
    readonly least?: number;
    /** How many of them can be seen at first; the others are drawn when these stand. */
    readonly atOnce?: number;
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
    shown: items.slice(0, isBegun ? count : Math.min(count, atOnce)),
    more:
      items.length > count ? (
        <p>
          <Button onPress={() => setPages(pages + 1)}>Show more of {formatCount(total)}</Button>
        </p>
      ) : null,
  };
}
