import type { ReactNode } from 'react';
import { Label, ProgressBar as AriaProgressBar } from 'react-aria-components';
import { cx } from './cx.ts';
import { formatBytes } from '../format/numbers.ts';
import { formatDuration } from '../format/duration.ts';
import styles from './feedback.module.css';

export interface ProgressBarProps {
  readonly label: ReactNode;
  readonly value: number;
  readonly total: number;
  /** Written at the end of the line, for example "3 of 14". Without it, the percentage. */
  readonly amount?: string;
  readonly detail?: ReactNode;
  readonly tone?: 'accent' | 'positive' | 'warning' | 'negative';
  readonly action?: ReactNode;
}

export function ProgressBar({
  label,
  value,
  total,
  amount,
  detail,
  tone = 'accent',
  action,
}: ProgressBarProps) {
  const maxValue = Math.max(total, 1);
  return (
    <AriaProgressBar
      value={Math.min(value, maxValue)}
      maxValue={maxValue}
      {...(amount === undefined ? {} : { valueLabel: amount })}
      className={cx(styles.progress, styles[tone])}
    >
      {({ percentage = 0, valueText }) => (
        <>
          <div className={styles.progressLine}>
            <Label className={cx(styles.progressLabel)}>{label}</Label>
            <span className={styles.progressAmount}>{valueText}</span>
            {action}
          </div>
          <div className={styles.progressTrack}>
            <div className={styles.progressFill} style={{ inlineSize: `${percentage}%` }} />
          </div>
          {detail === undefined ? null : <div className={styles.progressDetail}>{detail}</div>}
        </>
      )}
    </AriaProgressBar>
  );
}

export interface TransferProgressProps {
  readonly label: ReactNode;
  readonly sentBytes: number;
  readonly totalBytes: number;
  /** Bytes a second, where it is known. */
  readonly rate?: number;
  /** Instead of rate and time left. */
  readonly detail?: string;
  readonly action?: ReactNode;
}

/** Bytes moving: how much, how fast, and how long still. */
export function TransferProgress({
  label,
  sentBytes,
  totalBytes,
  rate,
  detail = describeRate(totalBytes - sentBytes, rate),
  action,
}: TransferProgressProps) {
  return (
    <ProgressBar
      label={label}
      value={sentBytes}
      total={totalBytes}
      amount={`${formatBytes(sentBytes)} of ${formatBytes(totalBytes)}`}
      {...(detail === undefined ? {} : { detail })}
      {...(action === undefined ? {} : { action })}
    />
  );
}

function describeRate(leftBytes: number, rate: number | undefined): string | undefined {
  return rate === undefined || rate <= 0
    ? undefined
    : `${formatBytes(rate)}/s, ${formatDuration((leftBytes / rate) * 1000, 'coarse')} left`;
}
