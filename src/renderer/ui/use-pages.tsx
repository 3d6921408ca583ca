import { useState, type ReactNode } from 'react';
import { formatCount } from '../format/numbers.ts';
import { Button } from './button.tsx';

/** More than fit on a screen; so many are drawn before a frame is late. */
const itemsPerPage = 50;

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
  const count = Math.max(least, pages * itemsPerPage);
  return {
    shown: items.slice(0, count),
    more:
      items.length > count ? (
        <p>
          <Button onPress={() => setPages(pages + 1)}>Show more of {formatCount(total)}</Button>
        </p>
      ) : null,
  };
}
