/** A browser that is kept busy by others may not call the page idle for minutes. */
const longestWaitMs = 1000;

/** Settles when the page has nothing else to do, or after a second in which it had. */
export const whenIdle = (): Promise<void> =>
  new Promise((resolve) => {
    // Safari has no word for idle.
    const ask = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
    ask(() => resolve(), { timeout: longestWaitMs });
  });
