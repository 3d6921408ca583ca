import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useKeptFocus } from './use-kept-focus.ts';
import styles from './frame-layout.module.css';

export interface FrameLayoutProps {
  readonly bar: ReactNode;
  readonly rail: ReactNode;
  readonly banner: ReactNode;
  readonly children: ReactNode;
}

/** The window: the bar above, the rail at the left, the screen. */
export function FrameLayout({ bar, rail, banner, children }: FrameLayoutProps) {
  const mainRef = useRef<HTMLElement>(null);
  useFocusOnNewPlace(mainRef);
  useKeptFocus(mainRef);
  return (
    <div className={styles.frame}>
      <a
        href="#main"
        className={styles.skip}
        onClick={(event) => {
          event.preventDefault();
          mainRef.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <div className={styles.bar}>{bar}</div>
      <div className={styles.rail}>{rail}</div>
      <main id="main" ref={mainRef} tabIndex={-1} className={styles.main}>
        {banner}
        <div className={styles.screen}>{children}</div>
      </main>
    </div>
  );
}

/**
 * A new place gives the focus to its title, so that a screen reader says where one is and Tab goes on
 * from there. Moving within a place, from one item of a list to the next, leaves the focus alone.
 */
function useFocusOnNewPlace(mainRef: React.RefObject<HTMLElement | null>): void {
  const [location] = useLocation();
  const place = location.split('/')[1] ?? '';
  const firstPlaceRef = useRef<string | undefined>(place);
  useEffect(() => {
    if (firstPlaceRef.current === place) return;
    firstPlaceRef.current = undefined;
    const main = mainRef.current;
    if (main === null) return;
    const focusTitle = () => {
      const title = main.querySelector<HTMLElement>('[data-page-title]');
      title?.focus({ preventScroll: true });
      // The title of the screen before may still be there, hidden: it takes no focus.
      return title !== null && document.activeElement === title;
    };
    if (focusTitle()) return;
    // The screen is still being fetched. Its title gets the focus unless the person has moved on.
    main.focus({ preventScroll: true });
    const observer = new MutationObserver(() => {
      if (document.activeElement !== main || focusTitle()) observer.disconnect();
    });
    observer.observe(main, { childList: true, subtree: true, attributeFilter: ['style'] });
    return () => observer.disconnect();
  }, [place, mainRef]);
}
