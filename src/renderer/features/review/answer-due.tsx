import { formatDateTime, formatRelative } from '../../format/date-time.ts';
import { cx } from '../../ui/cx.ts';
import { useMinuteNowMs } from '../tasks/due-phrase.tsx';
import styles from './answer-by.module.css';

const soonMs = 24 * 60 * 60_000;

export interface AnswerDueProps {
  readonly instant: string;
  /** Stands before it: "answer". */
  readonly prefix?: string;
}

/** "in 3 hours", louder the nearer it comes; the exact time is the tooltip. */
export function AnswerDue({ instant, prefix = '' }: AnswerDueProps) {
  const nowMs = useMinuteNowMs();
  const leftMs = Date.parse(instant) - nowMs;
  return (
    <time
      dateTime={instant}
      title={formatDateTime(instant)}
      className={cx(styles.due, leftMs < 0 ? styles.over : leftMs < soonMs && styles.soon)}
    >
      {prefix === '' ? '' : `${prefix} `}
      {leftMs < 0 ? 'was due ' : ''}
      {formatRelative(instant, nowMs)}
    </time>
  );
}
