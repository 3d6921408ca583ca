import type { ReactNode } from 'react';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { cx } from './cx.ts';
import styles from './feedback.module.css';

export type Tone = 'neutral' | 'accent' | 'positive' | 'warning' | 'negative';

const icons = {
  neutral: Info,
  accent: Info,
  positive: CircleCheck,
  warning: TriangleAlert,
  negative: CircleAlert,
} as const;

export interface NoticeProps {
  readonly tone?: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Read aloud at once: for something that happened while the person was doing something else. */
  readonly isLive?: boolean;
}

/** A statement within the page: what happened, that the work is safe, and what to do. */
export function Notice({ tone = 'neutral', title, children, action, isLive = false }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div
      className={cx(styles.notice, styles[tone])}
      {...(isLive ? { role: tone === 'negative' ? 'alert' : 'status' } : {})}
    >
      <Icon className={styles.noticeIcon} aria-hidden />
      <div className={styles.noticeBody}>
        <div className={styles.noticeText}>
          <strong>{title}</strong>
          {children === undefined ? null : <div>{children}</div>}
        </div>
        {action}
      </div>
    </div>
  );
}
