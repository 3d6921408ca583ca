import type { ReactNode } from 'react';
import { ArrowLeft } from 'lucide-react';
import { Link } from 'wouter';
import { cx } from './cx.ts';
import styles from './panes.module.css';

export interface BackLinkProps {
  readonly href: string;
  readonly children: ReactNode;
}

/** The way back, above a page's title. */
export function BackLink({ href, children }: BackLinkProps) {
  return (
    <Link href={href} className={cx(styles.back)}>
      <ArrowLeft aria-hidden /> {children}
    </Link>
  );
}
