import { startTransition, useCallback, useEffect, useState, type RefObject } from 'react';

export interface RowGrid {
  readonly count: number;
  /** From the top of one row to the top of the next. */
  readonly pitchPx: number;
  readonly paddingPx: number;
}

export interface VisibleRows {
  readonly first: number;
  /** One behind the last. */
  readonly end: number;
  /** To be called when the list was scrolled. */
  readonly measure: () => void;
}

/** Rows are drawn in blocks of this many, and one block ahead: a new one every few hundred pixels. */
const blockRows = 8;

interface Window {
  readonly topPx: number;
  readonly heightPx: number;
}

/** Which rows of a scrolling list can be seen. */
export function useVisibleRows(
  scrollerRef: RefObject<HTMLElement | null>,
  { count, pitchPx, paddingPx }: RowGrid,
): VisibleRows {
  const blockPx = blockRows * pitchPx;
  // No list is higher than the window: what can be seen is drawn at once, and the blocks ahead when it stands.
  const [seen, setSeen] = useState<Window>(() => ({
    topPx: 0,
    heightPx: window.innerHeight - 2 * blockPx,
  }));
  const measure = useCallback(() => {
    const scroller = scrollerRef.current;
    if (scroller === null) return;
    // Whole blocks only, so that most scroll events change nothing.
    const topPx = Math.floor(scroller.scrollTop / blockPx) * blockPx;
    const heightPx = scroller.clientHeight;
    setSeen((known) =>
      known.topPx === topPx && known.heightPx === heightPx ? known : { topPx, heightPx },
    );
  }, [scrollerRef, blockPx]);
  const isEmpty = count === 0;
  useEffect(() => {
    const scroller = scrollerRef.current;
    if (isEmpty || scroller === null) return;
    // Tells the first height as well, once the layout is there anyway.
    const observer = new ResizeObserver(() => startTransition(measure));
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [scrollerRef, measure, isEmpty]);
  const at = (px: number) => Math.floor((px - paddingPx) / pitchPx);
  const end = Math.min(count, at(seen.topPx + seen.heightPx + 2 * blockPx) + 1);
  // A list that became shorter is seen at its end until it is measured again.
  const first = Math.max(0, Math.min(at(seen.topPx - blockPx), end - 1));
  return { first, end, measure };
}
