import type { CSSProperties, ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './stack.module.css';

export interface StackProps {
  readonly children: ReactNode;
  /** Steps of the 8-point grid; 0.5 is four points. */
  readonly gap?: 0 | 0.5 | 1 | 2 | 3 | 4;
}

export function Stack({ children, gap = 2 }: StackProps) {
  return (
    <div className={styles.stack} style={{ '--gap': `${gap * 0.5}rem` } as CSSProperties}>
      {children}
    </div>
  );
}

export interface RowProps extends StackProps {
  readonly align?: 'start' | 'center' | 'baseline' | 'end';
  readonly isSpread?: boolean;
}

/** Wraps where it has no room. */
export function Row({ children, gap = 1, align = 'center', isSpread = false }: RowProps) {
  return (
    <div
      className={cx(styles.row, isSpread && styles.spread)}
      style={{ '--gap': `${gap * 0.5}rem`, alignItems: align } as CSSProperties}
    >
      {children}
    </div>
  );
}

/** Secondary words: smaller, quieter. */
export function Muted({ children }: { readonly children: ReactNode }) {
  return <span className={styles.muted}>{children}</span>;
}
