import { ArrowUp, Check, CircleAlert, CloudOff, Laptop, LogIn } from 'lucide-react';
import { Link } from 'wouter';
import { cx } from '../ui/cx.ts';
import type { SyncHeadline, SyncHeadlineKind } from './sync-headline.ts';
import styles from './top-bar.module.css';

const icons = {
  saved: Check,
  moving: ArrowUp,
  waiting: Laptop,
  attention: CircleAlert,
  signIn: LogIn,
  update: CircleAlert,
  silent: CloudOff,
} as const satisfies Record<SyncHeadlineKind, unknown>;

/** The state of synchronisation in one line; it leads to everything that waits. */
export function SyncPill({ headline }: { readonly headline: SyncHeadline }) {
  const Icon = icons[headline.kind];
  return (
    <Link
      href="/waiting"
      className={cx(styles.pill, styles[headline.kind])}
      title={headline.text}
      aria-label={`Synchronisation: ${headline.text}`}
    >
      <Icon aria-hidden />
      <span className={styles.pillText} aria-live="polite">
        {headline.text}
      </span>
    </Link>
  );
}
