import type { VirtualTime } from '../core/virtual-time.ts';

/** What may be the matter with a device's line for a while. */
export type LineTrouble =
  | 'down'
  | 'swallows_requests'
  | 'swallows_answers'
  | 'portal'
  | 'flaky'
  | 'slow'
  | 'doubles'
  | 'loses_pokes';

/** The line of one device: troubles that each end at a moment of their own. */
export class Link {
  readonly #time: VirtualTime;
  readonly #troubles = new Map<LineTrouble, number>();

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  trouble(kind: LineTrouble, durationMs: number): void {
    this.#troubles.set(kind, this.#time.nowMs + durationMs);
  }

  mend(): void {
    this.#troubles.clear();
  }

  #has(kind: LineTrouble): boolean {
    return (this.#troubles.get(kind) ?? -1) > this.#time.nowMs;
  }

  isDown(): boolean {
    return this.#has('down');
  }

  isPortal(): boolean {
    return this.#has('portal');
  }

  losesRequest(draw: number): boolean {
    return this.#has('swallows_requests') || (this.#has('flaky') && draw < 0.25);
  }

  losesAnswer(draw: number): boolean {
    return this.#has('swallows_answers') || this.isDown() || (this.#has('flaky') && draw < 0.25);
  }

  doubles(draw: number): boolean {
    return this.#has('doubles') && draw < 0.5;
  }

  losesPoke(draw: number): boolean {
    return this.isDown() || (this.#has('loses_pokes') && draw < 0.7);
  }

  /** Some milliseconds; on a slow line, up to two minutes, so that requests overtake each other. */
  computeDelayMs(draw: number): number {
    return Math.round(this.#has('slow') ? draw * draw * 120_000 : 2 + draw * 60);
  }
}
