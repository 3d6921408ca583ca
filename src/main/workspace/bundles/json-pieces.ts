import type { Pausing } from '../sync/turns.ts';
import { eachPiece, encodeParts } from './text-entry.ts';

/**
 * A document as indented JSON and the end of a line: the same bytes as `JSON.stringify` makes of the whole. It is written value
 * by value, with turns for others in between: of a large workspace it is a hundred megabytes.
 *
 * @param order brings a record's members into the order in which they are written.
 */
export function eachJsonPiece(
  document: unknown,
  turns: Pausing,
  order: Order,
): AsyncGenerator<Buffer> {
  return eachPiece(eachLine(document, order), turns);
}

/** All of them, in the order in which the members are. */
export function computeJsonPieces(document: unknown, turns: Pausing): Promise<Buffer[]> {
  return encodeParts(eachLine(document, asTheyAre), turns);
}

function* eachLine(document: unknown, order: Order): Generator<string> {
  yield* eachPart(document, '', order);
  yield '\n';
}

type Order = (members: [string, unknown][]) => [string, unknown][];

const asTheyAre: Order = (members) => members;

/** By their UTF-16 code units, and without members that are undefined. */
export const byName: Order = (members) =>
  members
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));

/** Records and lists of the first levels part by part; what lies deeper is as large as a row at most. */
function* eachPart(value: unknown, indent: string, order: Order): Generator<string> {
  const inner = `${indent}  `;
  const isDeep = indent.length >= 6 || typeof value !== 'object' || value === null;
  const isList = Array.isArray(value);
  const members: [string, unknown][] = isDeep ? [] : Object.entries(value);
  const entries = isList ? members : order(members);
  if (entries.length === 0) {
    yield JSON.stringify(orderWithin(value, order), undefined, 2).replaceAll('\n', `\n${indent}`);
    return;
  }
  yield isList ? '[' : '{';
  for (const [index, [key, each]] of entries.entries()) {
    yield `${index === 0 ? '' : ','}\n${inner}${isList ? '' : `${JSON.stringify(key)}: `}`;
    yield* eachPart(each, inner, order);
  }
  yield `\n${indent}${isList ? ']' : '}'}`;
}

function orderWithin(value: unknown, order: Order): unknown {
  if (order === asTheyAre || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => orderWithin(member, order));
  return Object.fromEntries(
    order(Object.entries(value)).map(([key, member]) => [key, orderWithin(member, order)]),
  );
}
