import { expect, test, vi } from 'vitest';
import { createUploadLocker } from '../../../src/server/files/upload-locker.ts';
import { createLocalProcessLink } from '../../../src/server/processes/local-process-link.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';

/** A link that loses each lock as soon as it is given, and hears what a test says. */
function createForgetfulLink() {
  let hear = (_subject: string): void => undefined;
  const link = {
    ...createLocalProcessLink(),
    hear: (_topic: string, listener: (subject: string) => void) => void (hear = listener),
    tryLock: () =>
      Promise.resolve({ release: () => Promise.resolve(), confirm: () => Promise.resolve() }),
  };
  return { link, want: (uploadId: string) => hear(uploadId) };
}

test('SY-23 a request whose lock was lost does not hide the one that holds the upload since', async () => {
  const { link, want } = createForgetfulLink();
  const { clock, timers } = createHeldTime();
  const locker = createUploadLocker(link, clock, timers);
  const { signal } = new AbortController();
  const [first, second] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const lost = locker.newLock('upload');
  await lost.lock(signal, first);
  await locker.newLock('upload').lock(signal, second);
  await lost.unlock();
  want('upload');
  expect(first).not.toHaveBeenCalled();
  expect(second).toHaveBeenCalledOnce();
});

test('SY-23 a request that waits for an upload waits no longer when the server is to end', async () => {
  const link = createLocalProcessLink();
  const { clock } = createHeldTime();
  const locker = createUploadLocker(link, clock, {
    after(_delayMs, action) {
      setImmediate(action);
      return () => undefined;
    },
  });
  const { signal } = new AbortController();
  await locker.newLock('upload').lock(signal, () => undefined);
  const waiting = locker.newLock('upload').lock(signal, () => undefined);
  link.announceEnd();
  await expect(waiting).rejects.toMatchObject({ status: 503, code: 'unavailable' });
});
