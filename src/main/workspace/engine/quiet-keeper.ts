import type { Timers } from '../../../shared/ports.ts';
import type { SeatRegistry } from '../seats/seat-registry.ts';
import type { Seat } from '../seats/seat.ts';

/** After so long without a change, nobody is likely to wait for this process. */
const quietMs = 1500;

/** What is kept in step with a seat. One that fails keeps no other, and is tried again after the next change. */
export type QuietDuty = (seat: Seat) => Promise<void>;

/** Does for each seat what somebody would have to wait for otherwise, when nothing else is going on. */
export class QuietKeeper {
  readonly #seats: SeatRegistry;
  readonly #timers: Timers;
  readonly #duties: readonly QuietDuty[];
  #cancel: () => void = () => {};
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(seats: SeatRegistry, timers: Timers, duties: readonly QuietDuty[]) {
    this.#seats = seats;
    this.#timers = timers;
    this.#duties = duties;
  }

  /** Something changed, or the program has begun: the duties follow once it is quiet. */
  note(): void {
    if (this.#isStopped) return;
    this.#cancel();
    this.#cancel = this.#timers.after(quietMs, () => {
      this.#running = this.#running.then(() => this.#run());
    });
  }

  async #run(): Promise<void> {
    for (const seat of this.#seats.list())
      for (const duty of this.#duties) {
        if (this.#isStopped) return;
        await duty(seat).catch(() => {});
      }
  }

  /** Ends it; what runs is waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#running;
  }
}
