/** How long work on this process may go on before whoever else waits has a turn, in milliseconds. */
const longestStretchMs = 10;
/** The same where the clock stands still, as in a simulation. */
const stepsAtMost = 100;

export const yieldToOthers = (): Promise<void> =>
  new Promise((resolve) => {
    // oxlint-disable-next-line no-restricted-globals -- no time passes: only what is due already goes first
    setImmediate(resolve);
  });

/** Where long work may let others have a turn. */
export interface Pausing {
  /** Call it after each small step. */
  pass(): Promise<void>;
}

/** For what is to be done in one go. */
export const withoutTurns: Pausing = { pass: async () => {} };

/**
 * Lets others have a turn in long work, so that years of rows, or months of work done offline, don't make this
 * process deaf. A transaction that is open stays open meanwhile; other queries on its seat wait for its end.
 */
export class Turns implements Pausing {
  readonly #monotonicMs: () => number;
  #beganMs: number;
  #steps = 0;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#beganMs = monotonicMs();
  }

  /** Yields, where it is time to. Call it after each small step. */
  async pass(): Promise<void> {
    this.#steps += 1;
    const isShort = this.#monotonicMs() - this.#beganMs < longestStretchMs;
    if (isShort && this.#steps < stepsAtMost) return;
    await yieldToOthers();
    this.#beganMs = this.#monotonicMs();
    this.#steps = 0;
  }
}
