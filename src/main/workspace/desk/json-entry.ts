import { createHash } from 'node:crypto';
import type { StoredEntry } from '../bundles/archive-writer.ts';
import type { Turns } from '../sync/turns.ts';

/** So much text becomes bytes at once. */
const pieceLength = 256 * 1024;

/**
 * A document as indented JSON for an archive, the same bytes as `JSON.stringify` makes of the whole. It is written value by
 * value, with turns for others in between: of a large workspace it is a hundred megabytes.
 */
export async function makeJsonEntry(
  path: string,
  document: Readonly<Record<string, unknown>>,
  turns: Turns,
): Promise<StoredEntry> {
  const hash = createHash('sha256');
  const pieces: Buffer[] = [];
  let text = '';
  const flush = () => {
    const piece = Buffer.from(text.toWellFormed(), 'utf8');
    hash.update(piece);
    pieces.push(piece);
    text = '';
  };
  for (const part of eachPart(document, '')) {
    text += part;
    if (text.length >= pieceLength) flush();
    await turns.pass();
  }
  text += '\n';
  flush();
  return {
    path,
    sha256: hash.digest('hex'),
    sizeBytes: pieces.reduce((sum, { length }) => sum + length, 0),
    open: async function* () {
      yield* pieces;
    },
  };
}

/** Records and lists of the first levels part by part; what lies deeper is as large as a row at most. */
function* eachPart(value: unknown, indent: string): Generator<string> {
  const inner = `${indent}  `;
  const isDeep = indent.length >= 6 || typeof value !== 'object' || value === null;
  const entries: [string, unknown][] = isDeep ? [] : Object.entries(value);
  if (entries.length === 0) {
    yield JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${indent}`);
    return;
  }
  const isList = Array.isArray(value);
  yield isList ? '[' : '{';
  for (const [index, [key, each]] of entries.entries()) {
    yield `${index === 0 ? '' : ','}\n${inner}${isList ? '' : `${JSON.stringify(key)}: `}`;
    yield* eachPart(each, inner);
  }
  yield `\n${indent}${isList ? ']' : '}'}`;
}
