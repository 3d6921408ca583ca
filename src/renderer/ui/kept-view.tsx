import { memo, useState, type ReactNode } from 'react';
import { cx } from './cx.ts';
import { useQuiet } from './later.tsx';
import styles from './kept-view.module.css';

export interface KeptViewProps {
  readonly isShown: boolean;
  /** What it shows has come: from now on it may be made ahead, before it is shown. */
  readonly isReady: boolean;
  readonly children: ReactNode;
}

/**
 * One of a few views of a screen between which people go back and forth. It is made once, ahead and in pieces when
 * nothing else is to be done, and stays in the document as it was last shown; out of sight it has no height, takes no
 * focus and is not read out, but its layout is kept (`content-visibility: hidden`, CSS Containment Level 2,
 * section 4), so that to show it again costs hardly more than painting it. Where it was scrolled to stays as well.
 */
export function KeptView({ isShown, isReady, children }: KeptViewProps) {
  const isMadeAhead = useQuiet(isReady);
  const [wasShown, setWasShown] = useState(isShown);
  if (isShown && !wasShown) setWasShown(true);
  if (!isShown && !isMadeAhead && !wasShown) return null;
  return (
    <div className={cx(styles.view, !isShown && styles.away)}>
      <AsLastShown isShown={isShown}>{children}</AsLastShown>
    </div>
  );
}

/** Out of sight nothing is drawn anew: what changed meanwhile is taken over when it is shown. */
const AsLastShown = memo(
  function AsLastShown({ children }: { readonly isShown: boolean; readonly children: ReactNode }) {
    return children;
  },
  (_before, after) => !after.isShown,
);
