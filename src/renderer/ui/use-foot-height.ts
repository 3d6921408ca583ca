import { useEffect, type RefObject } from 'react';

/** Tells the messages that float above it how high a bar at the foot of the screen is. One bar at a time. */
export function useFootHeight(barRef: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const bar = barRef.current;
    if (bar === null) return undefined;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() =>
      style.setProperty('--foot-height', `${bar.getBoundingClientRect().height}px`),
    );
    observer.observe(bar);
    return () => {
      observer.disconnect();
      style.removeProperty('--foot-height');
    };
  }, [barRef]);
}
