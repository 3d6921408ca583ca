import type { Locker } from '@tus/server';
import type { Clock, Timers } from '../../shared/ports.ts';
import type { HeldLock, ProcessLink } from '../processes/process-link.ts';
import { waitToPoll } from '../processes/run-exclusively.ts';
import { UploadError } from './tus-endpoint.ts';

/** How long a request waits for the one that holds the upload to let go of it. */
const longestWaitMs = 30_000;

/**
 * Locks of the tus protocol that hold among all processes: a device that lost its connection may come
 * back through another process, and its new request makes the old one end. It waits for that without keeping others waiting,
 * as the package's own do.
 */
export function createUploadLocker(link: ProcessLink, clock: Clock, timers: Timers): Locker {
  const releaseRequests = new Map<string, () => unknown>();
  link.hear('upload_wanted', (uploadId) => void releaseRequests.get(uploadId)?.());
  return {
    newLock(uploadId) {
      const key = `upload ${uploadId}`;
      let held: HeldLock | undefined;
      let ownRequest: (() => unknown) | undefined;
      return {
        async lock(signal, requestRelease) {
          const untilMs = clock.monotonicMs() + longestWaitMs;
          for (;;) {
            // A lock lost with the link may be somebody else's already.
            held = await link.tryLock(key, () => void requestRelease());
            if (held !== undefined) break;
            if (signal.aborted || link.ending.aborted || clock.monotonicMs() >= untilMs)
              throw new UploadError(
                503,
                'unavailable',
                'another request still holds this upload; try again later',
              );
            void releaseRequests.get(uploadId)?.();
            link.announce('upload_wanted', uploadId);
            await waitToPoll(timers);
          }
          ownRequest = requestRelease;
          releaseRequests.set(uploadId, requestRelease);
        },
        async unlock() {
          // Where the lock was lost with the link, another request may hold it by now, and has to be found.
          if (releaseRequests.get(uploadId) === ownRequest) releaseRequests.delete(uploadId);
          await held?.release();
        },
      };
    },
  };
}
