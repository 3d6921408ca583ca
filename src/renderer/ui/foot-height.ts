import { useEffect, useSyncExternalStore, type RefObject } from 'react';

let footHeightPx = 0;
const listeners = new Set<() => void>();

function setFootHeight(heightPx: number): void {
  footHeightPx = heightPx;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How high the bar at the foot of the screen is, for what floats above it; 0 where there is none. */
export const useFootHeight = (): number => useSyncExternalStore(subscribe, () => footHeightPx);

/**
 * Says how high the bar at the foot of the screen is. One bar at a time. Not by a property of the whole document, which
 * would have the style of every element worked out anew.
 */
export function useFoot(barRef: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const bar = barRef.current;
    if (bar === null) return undefined;
    const observer = new ResizeObserver(() => setFootHeight(bar.getBoundingClientRect().height));
    observer.observe(bar);
    return () => {
      observer.disconnect();
      setFootHeight(0);
    };
  }, [barRef]);
}
