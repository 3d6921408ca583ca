import type { StoredEntry } from '../bundles/archive-writer.ts';
import { computeJsonPieces } from '../bundles/json-pieces.ts';
import { makePiecesEntry } from '../bundles/text-entry.ts';
import type { Pausing } from '../sync/turns.ts';

/** A document as indented JSON for an archive, made with turns for others in between. */
export async function makeJsonEntry(
  path: string,
  document: Readonly<Record<string, unknown>>,
  turns: Pausing,
): Promise<StoredEntry> {
  return makePiecesEntry(path, await computeJsonPieces(document, turns), turns);
}
