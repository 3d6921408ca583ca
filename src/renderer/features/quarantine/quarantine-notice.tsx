import { Inbox } from 'lucide-react';
import { Link } from 'wouter';
import { formatPlural } from '../../format/numbers.ts';
import { quarantinePath } from '../../routes.ts';
import { cx } from '../../ui/cx.ts';
import styles from './quarantine.module.css';

/** One line above the queue, while work of people without access waits; nothing otherwise. */
export function QuarantineNotice({
  count,
  isOpen,
}: {
  readonly count: number;
  readonly isOpen: boolean;
}) {
  if (count === 0 && !isOpen) return null;
  return (
    <Link
      href={quarantinePath}
      className={cx(styles.notice, isOpen && styles.noticeOpen)}
      {...(isOpen ? { 'aria-current': 'page' as const } : {})}
    >
      <Inbox aria-hidden />
      <span>
        {count === 0
          ? 'Sent after access ended'
          : `${formatPlural(count, 'piece of work', 'pieces of work')} sent after access ended`}
      </span>
    </Link>
  );
}
