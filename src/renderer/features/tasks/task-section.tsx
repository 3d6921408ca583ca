import { useId, type ReactNode } from 'react';
import styles from './task-section.module.css';

export interface TaskSectionProps {
  readonly title: string;
  /** A few quiet words beside the title, for example "2 of 5". */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a task. */
export function TaskSection({ title, aside, children }: TaskSectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header className={styles.header}>
        <h3 id={id} className={styles.title}>
          {title}
        </h3>
        {aside === undefined ? null : <span className={styles.aside}>{aside}</span>}
      </header>
      {children}
    </section>
  );
}
