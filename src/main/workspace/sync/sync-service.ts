import type { SeatSync } from '../../../shared/contract/shapes.ts';
import type { TransferControl } from '../files/transfer-control.ts';
import type { DriftOutcome } from './drift-check.ts';

export interface TransferProgress {
  readonly seatId: string;
  readonly direction: 'up' | 'down';
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly movedBytes: number;
  readonly bytesPerSecond: number | null;
  readonly state: 'waiting' | 'moving' | 'failed';
  readonly problem: string | null;
}

/** The outcome of waiting until everything is settled. */
export interface SettleOutcome {
  readonly isSettled: boolean;
  readonly sentChanges: number;
  readonly receivedRows: number;
  readonly waitingChanges: number;
  readonly waitingBytes: number;
  readonly attentionCount: number;
  readonly problem: string | null;
  /** SY-14: where it was asked for, how each scope compares with the server's; what differed was fetched afresh. */
  readonly drift?: readonly SeatDrift[];
}

export interface SeatDrift {
  readonly seatId: string;
  readonly organizationName: string;
  /** Null where the comparison did not come about in time. */
  readonly scopes: DriftOutcome;
}

/** Keeps all seats in step with their servers, by itself. */
export interface SyncService {
  /** What a person wants of all that moves. */
  readonly control: TransferControl;
  /** Begins for every seat that is signed in: connects, pushes, pulls, uploads, listens for pokes. */
  start(): void;
  /** Takes up a seat that was opened, or signed in again, after the start. */
  adopt(seatId: string): void;
  /** Tries at once, forgetting any back-off. */
  kick(seatId?: string): void;
  /**
   * Synchronises until nothing waits that this computer could do anything about, or `timeoutMs` has passed; with
   * `checksDrift`, compares with the servers after that, within the same time.
   */
  settle(timeoutMs: number, options?: { readonly checksDrift?: boolean }): Promise<SettleOutcome>;
  computeSeatSync(seatId: string): Promise<SeatSync>;
  /** When a seat is tried again by itself; null while it is being tried, or rests until it is asked to. */
  findNextAttemptAt(seatId: string): string | null;
  /** Files on their way now, by seat; for progress marks. */
  listTransfers(seatId?: string): TransferProgress[];
  /** Brings a content to this computer ahead of the queue; returns when it is here and verified. */
  fetchFile(seatId: string, sha256: string, sizeBytes: number): Promise<void>;
  /** Ends the fetching of a content until it is asked for again. @returns whether it was moving. */
  cancelFetch(seatId: string, sha256: string): boolean;
  /** Ends the sending of a content until it is queued again. @returns whether it waited or was moving. */
  cancelUpload(seatId: string, sha256: string): Promise<boolean>;
  /** Looks anew at what should come by itself. */
  requestFiles(): void;
  /** Of all seats: what waits to come by itself. */
  listWanted(): Promise<{ seatId: string; sha256: string; sizeBytes: number }[]>;
  /** Contents that were removed from this computer may have to come again. */
  noteRemoved(hashes: readonly string[]): void;
  /** That the disk here is full, in words, as long as a download waits for room. */
  findRoomProblem(): string | null;
  hasRunningUpload(): boolean;
  stop(): Promise<void>;
}
