import type { ProcessLink } from './process-link.ts';

/** For a server that is one process: nobody listens, and locks are among its own requests. */
export function createLocalProcessLink(): ProcessLink {
  const held = new Set<string>();
  const ending = new AbortController();
  return {
    isShared: false,
    announce: () => undefined,
    hear: () => undefined,
    onRestored: () => undefined,
    ending: ending.signal,
    announceEnd: () => ending.abort(),
    tryLock(key) {
      if (held.has(key)) return Promise.resolve(undefined);
      held.add(key);
      let isReleased = false;
      return Promise.resolve({
        release() {
          if (!isReleased) held.delete(key);
          isReleased = true;
          return Promise.resolve();
        },
        confirm: () => Promise.resolve(),
      });
    },
  };
}
