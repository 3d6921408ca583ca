import type { ProcessLink } from '../../../src/server/processes/process-link.ts';

/** A link that breaks when a test says so: what holds a lock is told that it is lost. */
export function createLossyLink(link: ProcessLink): { link: ProcessLink; lose(): void } {
  const losses = new Set<() => void>();
  return {
    link: {
      isShared: link.isShared,
      announce: (topic, subject) => link.announce(topic, subject),
      hear: (topic, listener) => link.hear(topic, listener),
      onRestored: (listener) => link.onRestored(listener),
      ending: link.ending,
      announceEnd: () => link.announceEnd(),
      tryLock(key, onLost) {
        if (onLost !== undefined) losses.add(onLost);
        return link.tryLock(key, onLost);
      },
    },
    lose() {
      for (const onLost of losses) onLost();
      losses.clear();
    },
  };
}
