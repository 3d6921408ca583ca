import { useEffect, useRef, type ReactNode } from 'react';
import { ArrowLeft } from 'lucide-react';
import { Link } from 'wouter';
import { ConnectionBanner } from '../../frame/connection-banner.tsx';
import { useSeatIfAny } from '../../frame/seat.tsx';
import styles from './start.module.css';

export interface StartLayoutProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
  /** Leads back to the three offers. */
  readonly hasWayBack?: boolean;
}

/** The screens before there is an organization, and those that add one. */
export function StartLayout({ title, lead, children, hasWayBack = true }: StartLayoutProps) {
  const titleRef = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Where no field has taken it, what led here has taken the focus away with it.
    if (document.activeElement === document.body) titleRef.current?.focus();
  }, []);
  const hasSeat = useSeatIfAny() !== undefined;
  const back = hasWayBack
    ? { path: '/start', label: 'Back' }
    : hasSeat
      ? { path: '/', label: 'Back to your work' }
      : undefined;
  return (
    <main className={styles.screen}>
      <ConnectionBanner />
      <div className={styles.column}>
        {back === undefined ? (
          <span className={styles.brand}>
            <img src="/stint.svg" alt="" width="28" height="28" />
            Stint
          </span>
        ) : (
          <Link href={back.path} className={styles.back}>
            <ArrowLeft aria-hidden />
            {back.label}
          </Link>
        )}
        <header className={styles.header}>
          <h1 ref={titleRef} tabIndex={-1}>
            {title}
          </h1>
          {lead === undefined ? null : <p className={styles.lead}>{lead}</p>}
        </header>
        {children}
      </div>
    </main>
  );
}
