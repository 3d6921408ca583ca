import type { ReactNode } from 'react';
import styles from './feedback.module.css';

export interface EmptyStateProps {
  readonly title: string;
  /** What to do first. */
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
}

export function EmptyState({ title, children, icon, action }: EmptyStateProps) {
  return (
    <div className={styles.empty} data-empty-state>
      {icon === undefined ? null : (
        <span className={styles.emptyIcon} aria-hidden>
          {icon}
        </span>
      )}
      <h2 className={styles.emptyTitle}>{title}</h2>
      {children === undefined ? null : <div className={styles.emptyText}>{children}</div>}
      {action}
    </div>
  );
}
