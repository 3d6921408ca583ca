import type { ServerLog } from '../server-log.ts';
import { repeat } from '../ports/repeat.ts';
import {
  type Collection,
  collectContents,
  type CollectorDependencies,
} from './collect-contents.ts';
import type { ContentScrubber } from './content-scrubber.ts';

const collectEveryMs = 24 * 3_600_000;
/** After the start: a server that is started anew every night would never come to it otherwise. */
const collectFirstMs = 30 * 60_000;
const scrubEveryMs = 3_600_000;
/** In an hour; all of a large store takes a month of them. */
const scrubbedPerHourBytes = 16 * 1024 ** 3;

/**
 * Collects soon after the start and then once a day what nothing refers to, and reads some of the contents each hour. Of several processes, one does
 * it. Answers the way to stop, which waits for what is under way: not for long once the link's `ending` was announced.
 */
export function scheduleUpkeep(dependencies: {
  readonly collector: CollectorDependencies;
  readonly scrubber: ContentScrubber;
  readonly log: ServerLog;
  readonly reportFault: (error: unknown) => void;
  readonly onCollected: (collection: Collection) => void;
}): () => Promise<void> {
  const { collector, scrubber, log, reportFault, onCollected } = dependencies;
  const { link, ports } = collector;
  const running = new Set<Promise<void>>();

  const runAlone = (key: string, action: () => Promise<void>) => async (): Promise<void> => {
    const run = async (): Promise<void> => {
      const lock = await link.tryLock(key);
      if (lock === undefined) return;
      try {
        await action();
      } finally {
        await lock.release();
      }
    };
    const started: Promise<void> = run()
      .catch((error: unknown) => {
        if (!link.ending.aborted) reportFault(error);
      })
      .finally(() => running.delete(started));
    running.add(started);
    await started;
  };

  const collect = runAlone('collection', async () => {
    const collection = await collectContents(collector);
    onCollected(collection);
    log.info({ ...collection }, 'contents collected');
  });
  const scrub = runAlone('scrub', async () => {
    await scrubber.scrub({ everything: false, maximumBytes: scrubbedPerHourBytes });
  });
  const stops = [
    ports.timers.after(collectFirstMs, () => void collect()),
    repeat(ports.timers, collectEveryMs, collect),
    repeat(ports.timers, scrubEveryMs, scrub),
  ];
  return async () => {
    for (const stop of stops) stop();
    await Promise.all(running);
  };
}
