import type { ReactNode } from 'react';
import { Markdown } from '../../ui/markdown.tsx';
import styles from './remark.module.css';

export interface RemarkProps {
  /** Who said it, and when or about which revision. */
  readonly by: ReactNode;
  readonly text: string;
}

/** Something that a reviewer has said. */
export function Remark({ by, text }: RemarkProps) {
  return (
    <blockquote className={styles.remark}>
      <div className={styles.by}>{by}</div>
      <Markdown text={text} isCompact />
    </blockquote>
  );
}
