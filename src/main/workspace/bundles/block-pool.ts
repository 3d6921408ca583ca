const blockBytes = 1024 * 1024;

/** Gives room for one piece of a file, of at most so many bytes. */
export type TakeBlock = (sizeBytes: number) => Buffer;

/**
 * Blocks that are used again and again. Buffers that are used once lie in memory until somebody collects them, by tens
 * of megabytes, and each new one has its pages cleared by the system first.
 */
export class BlockPool {
  readonly #free: ArrayBufferLike[] = [];
  readonly #owned = new WeakSet<ArrayBufferLike>();

  /** @param sizeBytes of at most one block; what is larger gets a buffer of its own. */
  readonly take: TakeBlock = (sizeBytes) => {
    if (sizeBytes > blockBytes) return Buffer.allocUnsafeSlow(sizeBytes);
    const block = this.#free.pop() ?? this.#make();
    return Buffer.from(block, 0, sizeBytes);
  };

  /** Called once nobody reads or writes these any more. Buffers from elsewhere are passed over. */
  giveBack(pieces: readonly Buffer[]): void {
    for (const { buffer } of pieces) if (this.#owned.has(buffer)) this.#free.push(buffer);
  }

  #make(): ArrayBufferLike {
    const { buffer } = Buffer.allocUnsafeSlow(blockBytes);
    this.#owned.add(buffer);
    return buffer;
  }
}
