/** A stream of the system, as far as it is read here. */
export interface PieceSource {
  readonly destroyed: boolean;
  readonly readableEnded: boolean;
  on(event: 'data', listener: (piece: Uint8Array) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
}

/**
 * The pieces of a stream as they came, each in memory of its own. A loop over the stream itself gives whatever has
 * gathered in one copy, and what was copied lies in memory until it is collected. Whoever leaves early, and what
 * goes wrong, destroys the stream. Throws what went wrong with it, and for one that was closed before its end.
 */
export async function* eachPiece(source: PieceSource): AsyncGenerator<Uint8Array, void> {
  const pieces: Uint8Array[] = [];
  let wake = (): void => undefined;
  let isOver = false;
  let failure: Error | undefined;
  const end = (error: Error | undefined): void => {
    if (!isOver) failure = error;
    isOver = true;
    wake();
  };
  source.on('end', () => end(undefined));
  source.on('error', end);
  source.on('close', () => end(createBroken()));
  if (source.readableEnded) end(undefined);
  else if (source.destroyed) end(createBroken());
  source.on('data', (piece) => {
    pieces.push(piece);
    source.pause();
    wake();
  });
  try {
    for (;;) {
      const piece = pieces.shift();
      if (piece !== undefined) yield piece;
      else if (failure !== undefined) throw failure;
      else if (isOver) return;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        source.resume();
        await promise;
      }
    }
  } finally {
    if (!source.readableEnded) source.destroy();
  }
}

function createBroken(): Error {
  return new Error('the stream was closed before its end');
}
