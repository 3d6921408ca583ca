import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { Timers } from '../../../shared/ports.ts';
import type { SeatRegistry } from '../seats/seat-registry.ts';
import { isIndexComplete, updateSearchIndex } from './search-index.ts';

/** After so long without a change, nobody is likely to wait for this process. */
const quietMs = 1500;

/** Keeps the seats' indexes in step when nothing else is going on, so that a search need not. */
export class SearchKeeper {
  readonly #seats: SeatRegistry;
  readonly #timers: Timers;
  readonly #emit: (event: EngineEvent) => void;
  #cancel: () => void = () => {};
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(seats: SeatRegistry, timers: Timers, emit: (event: EngineEvent) => void) {
    this.#seats = seats;
    this.#timers = timers;
    this.#emit = emit;
  }

  /** Something changed, or the program has begun: the index follows once it is quiet. */
  note(): void {
    if (this.#isStopped) return;
    this.#cancel();
    this.#cancel = this.#timers.after(quietMs, () => {
      this.#running = this.#run().catch(() => {});
    });
  }

  async #run(): Promise<void> {
    for (const seat of this.#seats.list()) {
      if (this.#isStopped || isIndexComplete(seat)) continue;
      await updateSearchIndex(seat);
      this.#emit({ type: 'searchable' });
    }
  }

  /** Ends it; what runs is waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#running;
  }
}
