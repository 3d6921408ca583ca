import type { TimerRow } from '../database/seat-tables.ts';

/** Nobody thinks about work for five minutes without touching the computer; many do for less. */
export const idleAfterMs = 5 * 60_000;
/** A page out of sight says much less: the work may go on in the window in front of it. */
export const hiddenAfterMs = 15 * 60_000;

/** A stretch without anybody at the computer, by the running timer's own count. */
export interface IdleStretch {
  readonly questionId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Follows what the system says of how long nobody has touched the computer, while a timer runs. Nothing but that one
 * number is asked for, and nothing is removed: what comes of it is a question to the person.
 */
export class IdleWatch {
  readonly #readIdleMs: () => number;
  readonly #createId: () => string;
  #open: (IdleStretch & { readonly timeEntryId: string }) | undefined;

  constructor(readIdleMs: () => number, createId: () => string) {
    this.#readIdleMs = readIdleMs;
    this.#createId = createId;
  }

  /** The stretch as it is known by now, to be kept; undefined where nothing is to be. */
  look(row: TimerRow, elapsedMs: number): IdleStretch | undefined {
    // While a gap is being asked about, nothing else is.
    if (row.gapLastSeenAt !== null) {
      this.#open = undefined;
      return undefined;
    }
    const idleMs = Math.max(0, this.#readIdleMs());
    const sinceMs = Math.max(0, elapsedMs - idleMs);
    const known = this.#open?.timeEntryId === row.timeEntryId ? this.#open : undefined;
    if (idleMs < idleAfterMs) {
      this.#open = undefined;
      return known === undefined || sinceMs <= known.fromMs
        ? undefined
        : { ...known, untilMs: sinceMs };
    }
    const fromMs = known?.fromMs ?? sinceMs;
    if (elapsedMs <= fromMs) return undefined;
    this.#open = {
      questionId: known?.questionId ?? this.#createId(),
      timeEntryId: row.timeEntryId,
      fromMs,
      untilMs: elapsedMs,
    };
    return this.#open;
  }
}
