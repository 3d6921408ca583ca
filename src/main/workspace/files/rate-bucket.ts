import type { Clock, Timers } from '../../../shared/ports.ts';

/** What may go at once after a rest, in seconds of the rate: short, so that other programs notice no burst. */
const burstSeconds = 0.25;
const longestWaitMs = 1000;

/**
 * A limit on rate that a person sets, shared by all that moves in one direction: a token bucket that may run into
 * debt. Whoever takes waits afterwards until the debt is paid, so that a piece larger than the bucket passes too.
 */
export class RateBucket {
  readonly #clock: Clock;
  readonly #timers: Timers;
  #bytesPerSecond: number | null = null;
  #balance = 0;
  #countedMs: number;
  #wake = new Set<() => void>();

  constructor(ports: { readonly clock: Clock; readonly timers: Timers }) {
    this.#clock = ports.clock;
    this.#timers = ports.timers;
    this.#countedMs = ports.clock.monotonicMs();
  }

  get bytesPerSecond(): number | null {
    return this.#bytesPerSecond;
  }

  /** Holds at once, for what waits as well. */
  setLimit(bytesPerSecond: number | null): void {
    if (bytesPerSecond === this.#bytesPerSecond) return;
    this.#bytesPerSecond = bytesPerSecond;
    this.#balance = 0;
    this.#countedMs = this.#clock.monotonicMs();
    for (const wake of this.#wake) wake();
  }

  /**
   * Resolves when these bytes may go. `onWait` is called as long as they wait, so that a wait is not taken for a
   * standstill; a `signal` ends the wait at once, and what did not go then keeps no others waiting.
   */
  async take(sizeBytes: number, signal?: AbortSignal, onWait?: () => void): Promise<void> {
    if (this.#bytesPerSecond === null) return;
    const isEnded = (): boolean => signal?.aborted === true;
    if (isEnded()) return;
    this.#settle();
    this.#balance -= sizeBytes;
    while (this.#bytesPerSecond !== null && !isEnded()) {
      this.#settle();
      if (this.#balance >= 0) return;
      const waitMs = Math.min(longestWaitMs, (-this.#balance * 1000) / this.#bytesPerSecond);
      await this.#wait(Math.max(1, waitMs), signal);
      if (isEnded()) this.#balance += sizeBytes;
      else onWait?.();
    }
  }

  #settle(): void {
    const rate = this.#bytesPerSecond;
    const nowMs = this.#clock.monotonicMs();
    if (rate !== null)
      this.#balance = Math.min(
        rate * burstSeconds,
        this.#balance + ((nowMs - this.#countedMs) * rate) / 1000,
      );
    this.#countedMs = nowMs;
  }

  async #wait(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = () => {
        this.#wake.delete(end);
        signal?.removeEventListener('abort', end);
        cancel();
        resolve();
      };
      const cancel = this.#timers.after(waitMs, end);
      this.#wake.add(end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }
}
