import { createHash } from 'node:crypto';
import type { Pausing } from '../sync/turns.ts';
import type { StoredEntry } from './archive-writer.ts';

/** So much text becomes bytes at once. */
const pieceLength = 256 * 1024;

/** A text that comes in parts as UTF-8, piece by piece, with turns for others in between. */
export async function* eachPiece(parts: Iterable<string>, turns: Pausing): AsyncGenerator<Buffer> {
  let text = '';
  const encode = () => {
    const piece = Buffer.from(text.toWellFormed(), 'utf8');
    text = '';
    return piece;
  };
  for (const part of parts) {
    text += part;
    if (text.length >= pieceLength) yield encode();
    await turns.pass();
  }
  yield encode();
}

/** All of them. */
export async function encodeParts(parts: Iterable<string>, turns: Pausing): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of eachPiece(parts, turns)) pieces.push(piece);
  return pieces;
}

/** A long text in parts, no character cut in two. */
export function* eachSlice(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    let to = from + pieceLength;
    const last = text.charCodeAt(to - 1);
    if (last >= 0xd800 && last < 0xdc00) to += 1;
    yield text.slice(from, to);
    from = to;
  }
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
