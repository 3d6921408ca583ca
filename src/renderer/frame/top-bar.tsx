import type { ReactNode } from 'react';
import { Search } from 'lucide-react';
import { Link } from 'wouter';
import { KeyHint } from '../ui/key-hint.tsx';
import styles from './top-bar.module.css';

export interface TopBarProps {
  readonly onOpenPalette: () => void;
  readonly timer: ReactNode;
  readonly sync: ReactNode;
}

/** What is always visible: the search, the timer, the state of synchronisation. */
export function TopBar({ onOpenPalette, timer, sync }: TopBarProps) {
  return (
    <header className={styles.bar}>
      <Link href="/" className={styles.brand} title="First page">
        <img src="/stint.svg" alt="" width="20" height="20" />
        <span>Stint</span>
      </Link>
      <button
        type="button"
        className={styles.search}
        onClick={onOpenPalette}
        aria-keyshortcuts="Control+K Meta+K"
      >
        <Search aria-hidden />
        <span className={styles.searchText}>Search or jump to…</span>
        <KeyHint keys={['Mod', 'K']} />
      </button>
      <div className={styles.end}>
        {timer}
        {sync}
      </div>
    </header>
  );
}
