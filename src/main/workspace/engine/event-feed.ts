import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { Timers } from '../../../shared/ports.ts';

const coalesceMs = 50;

/**
 * Hands events to whoever listens, gathered over a moment: a pull of thousands of rows or an upload's
 * progress is one event of each kind, not a flood. Arrivals are never merged.
 */
export class EventFeed {
  readonly #timers: Timers;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #pending = new Map<string, EngineEvent>();
  #cancel: (() => void) | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: EngineEvent): void {
    if (event.type === 'arrived') this.#pending.set(`arrived/${this.#pending.size}`, event);
    else if (event.type === 'changed') {
      const known = this.#pending.get(event.seatId);
      const tables = known?.type === 'changed' ? known.tables : [];
      this.#pending.set(event.seatId, {
        ...event,
        tables: [...new Set([...tables, ...event.tables])],
      });
    } else this.#pending.set(event.type, event);
    this.#cancel ??= this.#timers.after(coalesceMs, () => this.flush());
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const events = [...this.#pending.values()];
    this.#pending.clear();
    for (const event of events) for (const listener of this.#listeners) listener(event);
  }
}
