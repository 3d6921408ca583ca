import type { Clock } from '../../../src/shared/ports.ts';

/** A clock that runs like the machine's, and that a test sets, puts to sleep or starts again. */
export class MovableClock implements Clock {
  #wallMs = 0;
  #sleptMs = 0;
  #boots = 1;

  get bootId(): string {
    return `movable-${this.#boots}`;
  }

  nowMs(): number {
    return Date.now() + this.#wallMs;
  }

  monotonicMs(): number {
    return performance.now() + this.#wallMs - this.#sleptMs;
  }

  /** Time passes, by every clock of the computer. */
  pass(ms: number): void {
    this.#wallMs += ms;
  }

  /** Somebody sets the clock: nothing else of the computer notices. */
  set(byMs: number): void {
    this.#wallMs += byMs;
    this.#sleptMs += byMs;
  }

  /** The wall clock goes on, and what counts stands still. */
  sleep(ms: number): void {
    this.#wallMs += ms;
    this.#sleptMs += ms;
  }

  restart(): void {
    this.#boots += 1;
  }
}
