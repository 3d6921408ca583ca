import type { Timers } from '../../shared/ports.ts';

/** Runs `action` at this interval. Answers the way to stop. */
export function repeat(
  timers: Timers,
  intervalMs: number,
  action: () => Promise<void>,
): () => void {
  let cancel = (): void => undefined;
  const schedule = (): void => {
    cancel = timers.after(intervalMs, () => {
      schedule();
      void action();
    });
  };
  schedule();
  return () => cancel();
}
