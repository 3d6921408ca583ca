import { useId, type ReactNode } from 'react';
import styles from './task-section.module.css';

export interface TaskSectionProps {
  readonly title: string;
  /** A few quiet words beside the title, for example "2 of 5". */
  readonly aside?: ReactNode;
  /** 3 within a task, which has a title of its own; 2 right below the title of a page. */
  readonly level?: 2 | 3;
  readonly children: ReactNode;
}

/** A titled part of a task. */
export function TaskSection({ title, aside, level = 3, children }: TaskSectionProps) {
  const id = useId();
  const Title = `h${level}` as const;
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header className={styles.header}>
        <Title id={id} className={styles.title}>
          {title}
        </Title>
        {aside === undefined ? null : <span className={styles.aside}>{aside}</span>}
      </header>
      {children}
    </section>
  );
}
