import type { Timers } from '../../shared/ports.ts';
import { DatabaseUnavailableError } from '../database/database-unavailable-error.ts';
import type { ProcessLink } from './process-link.ts';

/** How often a lock that is taken is asked for again. */
const lockPollMs = 25;

/**
 * Runs `action` while no other process runs one under the same key; waits for as long as that takes, or until this process
 * is to end, and throws then. Where the link breaks
 * meanwhile the lock is lost, and another process may begin: `assertHeld` throws then. It asks the database, and is to be
 * called right before what cannot be taken back.
 */
export async function runExclusively<Result>(
  link: ProcessLink,
  timers: Timers,
  key: string,
  action: (assertHeld: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  let isLost = false;
  const noteLoss = (): void => void (isLost = true);
  let lock = await link.tryLock(key, noteLoss);
  while (lock === undefined) {
    if (link.ending.aborted) throw new DatabaseUnavailableError('ending');
    await waitToPoll(timers);
    lock = await link.tryLock(key, noteLoss);
  }
  const held = lock;
  try {
    return await action(async () => {
      if (!isLost) await held.confirm();
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
