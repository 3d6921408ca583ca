import { cx } from './cx.ts';
import styles from './feedback.module.css';

export interface SkeletonProps {
  readonly lines?: number;
  /** What is being fetched, for screen readers. */
  readonly label?: string;
}

/** Grey lines in the place of what is coming. Appears only after a moment, so that quick answers do not flash. */
export function Skeleton({ lines = 3, label = 'Loading' }: SkeletonProps) {
  return (
    <output className={cx(styles.skeleton)} aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className={styles.line} />
      ))}
    </output>
  );
}
