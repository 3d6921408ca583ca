import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import type { Tone } from './notice.tsx';
import styles from './feedback.module.css';

export interface BadgeProps {
  readonly tone?: Tone;
  readonly children: ReactNode;
}

/** A state in a word or two. */
export function Badge({ tone = 'neutral', children }: BadgeProps) {
  return <span className={cx(styles.badge, styles[tone])}>{children}</span>;
}
