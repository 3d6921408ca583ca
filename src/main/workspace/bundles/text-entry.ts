import { createHash } from 'node:crypto';
import type { Pausing } from '../sync/turns.ts';
import type { StoredEntry } from './archive-writer.ts';

/** So much text becomes bytes at once. */
const pieceLength = 256 * 1024;

/** A text that comes in parts as UTF-8, with turns for others in between. */
export async function encodeParts(parts: Iterable<string>, turns: Pausing): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  let text = '';
  const flush = () => {
    pieces.push(Buffer.from(text.toWellFormed(), 'utf8'));
    text = '';
  };
  for (const part of parts) {
    text += part;
    if (text.length >= pieceLength) flush();
    await turns.pass();
  }
  flush();
  return pieces;
}

/** A content that lies in memory as an entry of an archive, hashed with turns for others in between. */
export async function makePiecesEntry(
  path: string,
  pieces: readonly Buffer[],
  turns: Pausing,
): Promise<StoredEntry> {
  const hash = createHash('sha256');
  for (const piece of pieces) {
    hash.update(piece);
    await turns.pass();
  }
  return {
    path,
    sha256: hash.digest('hex'),
    sizeBytes: pieces.reduce((sum, { length }) => sum + length, 0),
    open: async function* () {
      yield* pieces;
    },
  };
}
