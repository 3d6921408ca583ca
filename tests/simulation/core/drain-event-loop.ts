/** Work in the thread pool that Node does not list among its active resources (password hashes): awaited by name. */
const outstanding = new Set<Promise<unknown>>();

/** Counts as under way until it settles. */
export function awaitWhenDraining(work: Promise<unknown>): void {
  const noted: Promise<unknown> = work
    .catch(() => {})
    .finally(() => {
      outstanding.delete(noted);
    });
  outstanding.add(noted);
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Requests to the file system, among them `CloseReq` of a file handle, and immediates. */
function isBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => /Req|Immediate/.test(name));
}

/**
 * Waits until nothing in this process can go on by itself: no promise, no immediate, no request to the file
 * system. What then remains is held by the simulation (the network, the timers), so that its next choice does
 * not depend on how quick the machine is.
 */
export async function drainEventLoop(): Promise<void> {
  for (let calmTurns = 0; calmTurns < 3;) {
    await turn();
    if (outstanding.size > 0) {
      await Promise.race(outstanding);
      calmTurns = 0;
    } else calmTurns = isBusy() ? 0 : calmTurns + 1;
  }
}
