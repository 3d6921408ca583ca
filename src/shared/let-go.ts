/**
 * Gives the memory of a buffer back at once that nobody uses any more, instead of when it is collected: of a file that
 * moves, tens of megabytes would lie there until then (docs/decisions/0032-memory-of-pieces-is-given-back-by-hand.md). Only of one
 * that is the whole of its memory: what shares it with others is left to the collection. To be called by whoever was
 * handed the buffer to keep; it is empty afterwards.
 */
export function letGo({ buffer, byteOffset, byteLength }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer)) return;
  if (byteOffset > 0 || byteLength === 0 || byteLength < buffer.byteLength) return;
  try {
    buffer.transfer(0);
  } catch {
    // One that the system keeps to cut small ones from: it can't be taken away.
  }
}
