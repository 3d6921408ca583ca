import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './panes.module.css';

export interface PanesProps {
  readonly list: ReactNode;
  /** Undefined while nothing is chosen. On a narrow window it then gives way to the list. */
  readonly detail: ReactNode | undefined;
  /** Shown in the place of the detail while nothing is chosen. */
  readonly placeholder?: ReactNode;
  readonly listLabel: string;
  readonly detailLabel: string;
}

/** A list and the thing itself, side by side; one at a time where there is no room for both. */
export function Panes({ list, detail, placeholder, listLabel, detailLabel }: PanesProps) {
  const hasDetail = detail !== undefined;
  return (
    <div className={cx(styles.panes, hasDetail && styles.hasDetail)}>
      <section className={styles.list} aria-label={listLabel}>
        {list}
      </section>
      <section className={styles.detail} aria-label={detailLabel}>
        {hasDetail ? detail : placeholder}
      </section>
    </div>
  );
}

export interface PageProps {
  readonly title: string;
  /** Beside the title: buttons, a filter. */
  readonly actions?: ReactNode;
  /** Above the title, for example a way back. */
  readonly lead?: ReactNode;
  readonly children: ReactNode;
  /** `reading` for forms and documents, `wide` for tables, `full` to leave the width to the children. */
  readonly width?: 'reading' | 'wide' | 'full';
}

/** One scrolling page with its title. */
export function Page({ title, actions, lead, children, width = 'wide' }: PageProps) {
  return (
    <div className={styles.page}>
      <div className={cx(styles.pageInner, styles[width])}>
        {lead}
        <header className={styles.pageHeader}>
          <h1 tabIndex={-1} data-page-title>
            {title}
          </h1>
          {actions === undefined ? null : <div className={styles.pageActions}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

export interface PaneHeaderProps {
  readonly title: string;
  readonly actions?: ReactNode;
}

/** The title of the list pane: the screen's first heading. */
export function PaneHeader({ title, actions }: PaneHeaderProps) {
  return (
    <header className={styles.paneHeader}>
      <h1 className={styles.paneTitle} tabIndex={-1} data-page-title>
        {title}
      </h1>
      {actions}
    </header>
  );
}

export interface SectionProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page, set off by a hairline. */
export function Section({ title, actions, children }: SectionProps) {
  return (
    <section className={styles.section}>
      <header className={styles.sectionHeader}>
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
