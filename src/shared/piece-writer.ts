import { letGo } from './let-go.ts';

/** Where pieces go: an open file of the system. */
export interface PieceTarget {
  writev(pieces: Uint8Array[], position: number): Promise<{ readonly bytesWritten: number }>;
}

/** What is gathered at most while a write runs. */
const gatheredLimitBytes = 1024 * 1024;

/**
 * Writes what comes in small pieces: at once where nothing is being written, and all that came meanwhile together, so
 * that a fast line costs few calls to the disk and a slow one leaves nothing unwritten.
 */
export class PieceWriter {
  readonly #target: PieceTarget;
  #pieces: Uint8Array[] = [];
  #gatheredBytes = 0;
  #end: number;
  #writtenEnd: number;
  #batch: Promise<void> = Promise.resolve();
  #draining: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(target: PieceTarget, position: number) {
    this.#target = target;
    this.#end = position;
    this.#writtenEnd = position;
  }

  /** The position after all that was added, written or not. */
  get end(): number {
    return this.#end;
  }

  /** Takes a piece over; nobody may use it after that, since it is empty once it is written. Throws what an earlier write did. */
  async add(piece: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#pieces.push(piece);
    this.#gatheredBytes += piece.byteLength;
    this.#end += piece.byteLength;
    this.#draining ??= this.#drain();
    if (this.#gatheredBytes >= gatheredLimitBytes) await this.#batch.catch(() => undefined);
  }

  /** Waits until all is written. Throws what went wrong. */
  async finish(): Promise<void> {
    await this.#draining;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#gatheredBytes > 0) {
        const pieces = this.#pieces;
        this.#pieces = [];
        this.#gatheredBytes = 0;
        this.#batch = this.#write(pieces);
        await this.#batch;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#draining = undefined;
    }
  }

  /** All of it: a disk that is nearly full takes a part of a write without a word. */
  async #write(pieces: Uint8Array[]): Promise<void> {
    let rest = pieces;
    while (rest.length > 0) {
      const { bytesWritten } = await this.#target.writev(rest, this.#writtenEnd);
      this.#writtenEnd += bytesWritten;
      rest = leaveOut(rest, bytesWritten);
    }
    for (const piece of pieces) letGo(piece);
  }
}

/** What is left of these pieces after so many bytes. */
function leaveOut(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array[] {
  let leftBytes = sizeBytes;
  return pieces.flatMap((piece) => {
    const taken = Math.min(leftBytes, piece.byteLength);
    leftBytes -= taken;
    return taken === piece.byteLength ? [] : [piece.subarray(taken)];
  });
}
