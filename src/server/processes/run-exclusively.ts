import type { Timers } from '../../shared/ports.ts';
import { DatabaseUnavailableError } from '../database/database-unavailable-error.ts';
import type { ProcessLink } from './process-link.ts';

/** How often a lock that is taken is asked for again. */
const lockPollMs = 25;

/**
 * Runs `action` while no other process runs one under the same key; waits for as long as that takes. Where the link breaks
 * meanwhile the lock is lost, and another process may begin: `assertHeld` throws then, and is to be called right before
 * what cannot be taken back.
 */
export async function runExclusively<Result>(
  link: ProcessLink,
  timers: Timers,
  key: string,
  action: (assertHeld: () => void) => Promise<Result>,
): Promise<Result> {
  let isLost = false;
  const tryLock = () =>
    link.tryLock(key, () => {
      isLost = true;
    });
  let lock = await tryLock();
  while (lock === undefined) {
    await waitToPoll(timers);
    lock = await tryLock();
  }
  try {
    return await action(() => {
      if (isLost) throw new DatabaseUnavailableError('lock_lost');
    });
  } finally {
    await lock.release();
  }
}

export async function waitToPoll(timers: Timers): Promise<void> {
  await new Promise<void>((resolve) => {
    timers.after(lockPollMs, resolve);
  });
}
