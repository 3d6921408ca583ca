import type { Timers } from '../../shared/ports.ts';
import type { ProcessLink } from './process-link.ts';

/** How often a lock that is taken is asked for again. */
const lockPollMs = 25;

/** Runs `action` while no other process runs one under the same key; waits for as long as that takes. */
export async function runExclusively<Result>(
  link: ProcessLink,
  timers: Timers,
  key: string,
  action: () => Promise<Result>,
): Promise<Result> {
  let lock = await link.tryLock(key);
  while (lock === undefined) {
    await waitToPoll(timers);
    lock = await link.tryLock(key);
  }
  try {
    return await action();
  } finally {
    await lock.release();
  }
}

export async function waitToPoll(timers: Timers): Promise<void> {
  await new Promise<void>((resolve) => {
    timers.after(lockPollMs, resolve);
  });
}
