import { useEffect, useState } from 'react';
import { Play, Square } from 'lucide-react';
import { Link } from 'wouter';
import { isolate } from '../../shared/domain/isolate.ts';
import { formatClock, formatDuration } from '../format/duration.ts';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import type { TimerControl } from './use-timer.ts';
import { taskPath } from '../routes.ts';
import styles from './top-bar.module.css';

/** The time now, to the second, while something runs. */
export function useNowMs(isTicking: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return;
    const tick = () => setNowMs(Date.now());
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return nowMs;
}

export interface ElapsedProps {
  readonly elapsedSeconds: number;
  /** When `elapsedSeconds` was answered, by this page's clock. */
  readonly answeredAtMs: number;
}

/** A clock that runs on from what the engine's monotonic clock said. */
export function Elapsed({ elapsedSeconds, answeredAtMs }: ElapsedProps) {
  const nowMs = useNowMs(true);
  return (
    <time className={styles.clock}>
      {formatClock(elapsedSeconds * 1000 + Math.max(0, nowMs - answeredAtMs))}
    </time>
  );
}

/** The timer, always in sight of an intern. */
export function TimerPill({ timer }: { readonly timer: TimerControl }) {
  const { running, answeredAtMs, secondsToday, last } = timer;
  if (running === null) {
    return (
      <section className={styles.timer} aria-label="Timer">
        {last === undefined ? null : (
          <IconButton
            size="small"
            label={`Start the timer on “${isolate(last.taskTitle)}”`}
            icon={<Play />}
            keys={['S']}
            onPress={timer.resume}
          />
        )}
        <span className={styles.idle}>{formatDuration(secondsToday * 1000)} today</span>
      </section>
    );
  }
  return (
    <section className={cx(styles.timer, styles.running)} aria-label="Timer">
      <IconButton
        size="small"
        label="Stop the timer"
        icon={<Square fill="currentColor" />}
        keys={['S']}
        onPress={timer.stop}
      />
      <Elapsed elapsedSeconds={running.elapsedSeconds} answeredAtMs={answeredAtMs} />
      <Link
        href={taskPath(running.seatId, running.taskId)}
        className={styles.timerTask}
        title={running.taskTitle}
      >
        {running.taskTitle}
      </Link>
    </section>
  );
}
