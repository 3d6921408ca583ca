import { useEffect, useState } from 'react';
import type { Due } from '../../../shared/contract/shapes.ts';
import { formatDateTime, formatRelative } from '../../format/date-time.ts';
import { cx } from '../../ui/cx.ts';
import { DualTime } from '../../ui/dual-time.tsx';
import styles from './due-phrase.module.css';

const minuteMs = 60_000;

/** The time now, to the minute, so that "in 3 hours" does not stand still while the screen does. */
export function useMinuteNowMs(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), minuteMs);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

export interface DuePhraseProps {
  readonly due: Due;
  /** The work is still to be handed in: being past the deadline matters. */
  readonly isOpen: boolean;
}

/** "in 3 hours", or how long ago; the exact time is the tooltip. */
export function DueRelative({ due, isOpen }: DuePhraseProps) {
  const nowMs = useMinuteNowMs();
  const dueMs = Date.parse(due.instant);
  const isOver = isOpen && dueMs < nowMs;
  const isSoon = isOpen && !isOver && dueMs - nowMs < 24 * 60 * minuteMs;
  return (
    <time
      dateTime={due.instant}
      title={formatDateTime(due.instant)}
      className={cx(styles.relative, isOver && styles.over, isSoon && styles.soon)}
    >
      {isOver ? 'overdue, ' : ''}
      {formatRelative(due.instant, nowMs)}
    </time>
  );
}

/** The deadline in full: both zones where they differ, how far it is, and whether it was extended. */
export function DuePhrase({ due, isOpen }: DuePhraseProps) {
  return (
    <span className={cx(styles.phrase)}>
      <DualTime instant={due.instant} zone={due.zone} />
      {isOpen ? (
        <>
          {' '}
          <DueRelative due={due} isOpen={isOpen} />
        </>
      ) : null}
      {due.isExtended ? <span className={styles.extended}> extended</span> : null}
    </span>
  );
}
