import type { ImportProgress } from '../../../shared/contract/file-requests.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Clock, Timers } from '../../../shared/ports.ts';
import type { ImportWatch } from './file-folder.ts';
import { TransferRate } from './transfer-rate.ts';

/** A full disk is looked at again this often, by the write itself. */
const roomCheckMs = 2000;

interface RunningImport {
  readonly name: string;
  readonly sizeBytes: number | null;
  readonly rate: TransferRate;
  readonly abort: AbortController;
  movedBytes: number;
  state: ImportProgress['state'];
}

/** What is being taken in now: how far each is, and the way to end it. */
export class ImportList {
  readonly #ports: { readonly clock: Clock; readonly timers: Timers };
  readonly #onMoved: () => void;
  readonly #running = new Map<string, RunningImport>();

  constructor(
    ports: { readonly clock: Clock; readonly timers: Timers },
    onMoved: () => void = () => {},
  ) {
    this.#ports = ports;
    this.#onMoved = onMoved;
  }

  list(): ImportProgress[] {
    return [...this.#running].map(([importId, running]) => {
      const bytesPerSecond = running.rate.compute(running.movedBytes);
      return {
        importId,
        name: running.name,
        sizeBytes: running.sizeBytes,
        movedBytes: running.movedBytes,
        bytesPerSecond,
        secondsLeft: computeSecondsLeft(running.sizeBytes, running.movedBytes, bytesPerSecond),
        state: running.state,
      };
    });
  }

  /** @returns whether it was still running. */
  cancel(importId: string): boolean {
    const running = this.#running.get(importId);
    running?.abort.abort(
      new StintError('cancelled', 'the file was not taken in: it was cancelled'),
    );
    return running !== undefined;
  }

  /** Runs an import under an id by which it can be watched and ended; on a full disk it waits for room. */
  async run<Result>(
    what: { readonly importId: string; readonly name: string; readonly sizeBytes: number | null },
    action: (watch: ImportWatch) => Promise<Result>,
  ): Promise<Result> {
    if (this.#running.has(what.importId))
      throw new StintError('conflict', 'a file is already being taken in under this id');
    const running: RunningImport = {
      name: what.name,
      sizeBytes: what.sizeBytes,
      rate: new TransferRate(this.#ports.clock, 0),
      abort: new AbortController(),
      movedBytes: 0,
      state: 'reading',
    };
    this.#running.set(what.importId, running);
    this.#onMoved();
    try {
      return await action({
        signal: running.abort.signal,
        onBegin: () => {
          running.movedBytes = 0;
        },
        onMoved: (movedBytes) => {
          running.movedBytes = movedBytes;
          running.state = 'reading';
          this.#onMoved();
        },
        waitForRoom: () => this.#waitForRoom(running),
      });
    } finally {
      this.#running.delete(what.importId);
      this.#onMoved();
    }
  }

  async #waitForRoom(running: RunningImport): Promise<void> {
    running.state = 'waiting_for_room';
    this.#onMoved();
    await new Promise<void>((resolve) => {
      const { signal } = running.abort;
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#ports.timers.after(roomCheckMs, end);
      signal.addEventListener('abort', end);
    });
  }

  /** Ends all of them. */
  stop(): void {
    for (const importId of this.#running.keys()) this.cancel(importId);
  }
}

/** Null where it would only be a guess. */
export function computeSecondsLeft(
  sizeBytes: number | null,
  movedBytes: number,
  bytesPerSecond: number | null,
): number | null {
  if (sizeBytes === null || bytesPerSecond === null || bytesPerSecond <= 0) return null;
  return Math.ceil(Math.max(0, sizeBytes - movedBytes) / bytesPerSecond);
}
