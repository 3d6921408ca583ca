/** Lets whoever else waits for this process have a turn: streams, uploads, other requests. */
export const yieldToOthers = (): Promise<void> =>
  new Promise((resolve) => {
    // oxlint-disable-next-line no-restricted-globals -- no time passes: only what is due already goes first
    setImmediate(resolve);
  });
