import { StintError } from '../../../shared/errors.ts';
import type { Randomness, Timers } from '../../../shared/ports.ts';
import { computeBackoffMs } from '../sync/backoff.ts';

/**
 * Runs rounds of work one at a time, whenever something asks for one. A request during a round is followed by
 * another round; after a failure it is tried again by itself, with back-off.
 */
export class RetryingRounds {
  readonly #ports: { readonly randomness: Randomness; readonly timers: Timers };
  readonly #run: () => Promise<'done' | 'failed'>;
  #current: Promise<void> | undefined;
  #isRunning = false;
  #isRequested = false;
  readonly #stopping = new AbortController();
  #failures = 0;
  #cancelTimer: () => void = () => {};

  constructor(
    ports: { readonly randomness: Randomness; readonly timers: Timers },
    run: () => Promise<'done' | 'failed'>,
  ) {
    this.#ports = ports;
    this.#run = run;
  }

  get isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** For what a round asks of others: its answer is not waited for at the end. */
  get stopSignal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** `isUrgent` forgets a back-off; else a request that meets one waits for it. */
  request(isUrgent: boolean): void {
    if (this.isStopped) return;
    this.#isRequested = true;
    if (isUrgent) this.#failures = 0;
    if (!this.#isRunning && this.#failures === 0) this.#begin();
  }

  #begin(): void {
    this.#cancelTimer();
    this.#isRequested = false;
    // Before the round begins: it may ask for the next one while it is still being called.
    this.#isRunning = true;
    this.#current = this.#runOnce().finally(() => {
      this.#isRunning = false;
      if (this.#isRequested && this.#failures === 0) this.request(false);
    });
  }

  async #runOnce(): Promise<void> {
    const outcome = await this.#run().catch(() => 'failed' as const);
    if (outcome === 'done') this.#failures = 0;
    else if (!this.isStopped) {
      this.#failures += 1;
      const delayMs = computeBackoffMs(this.#failures, this.#ports.randomness);
      this.#cancelTimer = this.#ports.timers.after(delayMs, () => this.#begin());
    }
  }

  /** Ends them; `breakOff` ends the round that runs, which is waited for. */
  async stop(breakOff: () => void): Promise<void> {
    this.#stopping.abort(new StintError('unavailable', 'the program ends'));
    this.#cancelTimer();
    breakOff();
    await this.#current;
  }
}
