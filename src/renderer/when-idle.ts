/** Settles when the page has nothing else to do. */
export const whenIdle = (): Promise<void> =>
  new Promise((resolve) => {
    // Safari has no word for idle.
    const ask = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
    ask(() => resolve());
  });
