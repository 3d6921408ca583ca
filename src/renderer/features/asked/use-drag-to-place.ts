import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';

export interface DragGrid {
  readonly count: number;
  /** From the top of one row to the top of the next. */
  readonly pitchPx: number;
  readonly paddingPx: number;
  readonly onDrop: (from: number, to: number) => void;
}

export interface DragToPlace {
  /** The row that is held, and the gap that it would fall into: before the row of this index. */
  readonly drag: { readonly from: number; readonly gap: number } | null;
  readonly begin: (event: PointerEvent, from: number) => void;
}

/** So near the edge the list scrolls, the faster the nearer, and fastest outside. */
const edgePx = 40;
const fastestPx = 60;

/** Rows of a scrolling list, only some of them in the document, are put elsewhere by holding them. */
export function useDragToPlace(
  scrollerRef: RefObject<HTMLElement | null>,
  { count, pitchPx, paddingPx, onDrop }: DragGrid,
): DragToPlace {
  const [drag, setDrag] = useState<DragToPlace['drag']>(null);
  const dropRef = useRef(onDrop);
  useEffect(() => {
    dropRef.current = onDrop;
  });
  const from = drag?.from;
  const startYRef = useRef(0);
  useEffect(() => {
    const scroller = scrollerRef.current;
    if (from === undefined || scroller === null) return;
    let pointerY = startYRef.current;
    let gap = from;
    let frame = 0;
    const look = () => {
      const { top, bottom } = scroller.getBoundingClientRect();
      const above = Math.max(0, top + edgePx - pointerY);
      const below = Math.max(0, pointerY - (bottom - edgePx));
      scroller.scrollTop += Math.min(fastestPx, below) - Math.min(fastestPx, above);
      const y = Math.min(Math.max(pointerY, top), bottom) - top + scroller.scrollTop - paddingPx;
      gap = Math.min(count, Math.max(0, Math.round(y / pitchPx)));
      setDrag((known) => (known === null || known.gap === gap ? known : { from, gap }));
      frame = requestAnimationFrame(look);
    };
    const move = (event: globalThis.PointerEvent) => {
      pointerY = event.clientY;
    };
    const leave = () => setDrag(null);
    const drop = (event: globalThis.PointerEvent) => {
      pointerY = event.clientY;
      cancelAnimationFrame(frame);
      look();
      leave();
      const to = gap > from ? gap - 1 : gap;
      if (to !== from) dropRef.current(from, to);
    };
    // Escape lets go of the row, and leaves the dialog open.
    const stop = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      event.preventDefault();
      leave();
    };
    look();
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', drop);
    window.addEventListener('pointercancel', leave);
    window.addEventListener('keydown', stop, { capture: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', drop);
      window.removeEventListener('pointercancel', leave);
      window.removeEventListener('keydown', stop, { capture: true });
    };
  }, [scrollerRef, from, count, pitchPx, paddingPx]);
  return {
    drag,
    begin: (event, index) => {
      if (event.button !== 0) return;
      // Neither text is selected nor the list scrolled by a finger meanwhile.
      event.preventDefault();
      startYRef.current = event.clientY;
      setDrag({ from: index, gap: index });
    },
  };
}
