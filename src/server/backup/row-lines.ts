import type { StoredRow, StoredValue } from '../database/database-snapshot.ts';

/**
 * A row as one line of JSON. Texts, nulls and numbers stand for themselves; a whole number that JSON's readers
 * would round is `{"integer": "…"}`, and bytes are `{"base64": "…"}`.
 */
export function writeRowLine(row: StoredRow): string {
  const members = Object.entries(row).map(([name, value]) => [name, encode(value)] as const);
  return `${JSON.stringify(Object.fromEntries(members))}\n`;
}

function encode(value: StoredValue): unknown {
  if (Buffer.isBuffer(value)) return { base64: value.toString('base64') };
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : { integer: value.toString() };
}

/** @throws TypeError for a line that is none of those. */
export function parseRowLine(line: string): StoredRow {
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new TypeError('expected an object');
  return Object.fromEntries(
    Object.entries(parsed).map(([name, value]) => [name, decode(value)] as const),
  );
}

function decode(value: unknown): StoredValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'object') {
    if ('base64' in value && typeof value.base64 === 'string')
      return Buffer.from(value.base64, 'base64');
    if ('integer' in value && typeof value.integer === 'string') return BigInt(value.integer);
  }
  throw new TypeError('expected a text, a number or null');
}
