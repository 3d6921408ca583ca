import type { Clock } from '../../../shared/ports.ts';

/** How fast a transfer moves, over its own running time. */
export class TransferRate {
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #startedBytes: number;

  constructor(clock: Clock, startedBytes: number) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
    this.#startedBytes = startedBytes;
  }

  /** Bytes a second since the start; null in the first half second, when it would only be a guess. */
  compute(movedBytes: number): number | null {
    const elapsedMs = this.#clock.monotonicMs() - this.#startedMs;
    if (elapsedMs < 500) return null;
    return Math.round(((movedBytes - this.#startedBytes) * 1000) / elapsedMs);
  }
}
