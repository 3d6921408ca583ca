import type { Timers } from '../../../shared/ports.ts';

/**
 * A line on which nothing moved for this long is dead, even if nobody says so. Long enough for a server that
 * reads a large upload once more, for its hash, before it answers.
 */
const stallMs = 120_000;

/** Notices that a transfer stands still. Calls `onStall` once, unless it is stopped before. */
export class StallWatch {
  readonly #timers: Timers;
  readonly #onStall: () => void;
  #cancel: () => void = () => {};

  constructor(timers: Timers, onStall: () => void) {
    this.#timers = timers;
    this.#onStall = onStall;
    this.noteProgress();
  }

  noteProgress(): void {
    this.#cancel();
    this.#cancel = this.#timers.after(stallMs, this.#onStall);
  }

  stop(): void {
    this.#cancel();
  }
}
