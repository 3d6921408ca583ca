import { type DomainTable, domainRowSchemas, domainTables } from '../database/domain-tables.ts';
import type { Sha256Hex } from '../ports.ts';

/** What a side holds of a scope, in a form that two sides can compare (SY-14). */
export interface ScopeChecksum {
  readonly count: number;
  /** 32 lower-case hexadecimal digits. */
  readonly checksum: string;
}

/**
 * Adds up a scope's rows, in any order and any number of steps:
 *
 * - a row's text is the canonical JSON (RFC 8785) of `[table, row]`, where `row` has exactly the columns of
 *   the table's schema, and null for a column that it lacks;
 * - its value are the first 16 bytes of the SHA-256 of that text in UTF-8, as one number, big end first;
 * - the checksum is the sum of the rows' values modulo 2^128.
 */
export interface ScopeChecksumSum {
  add(table: DomainTable, row: Readonly<Record<string, unknown>>): void;
  /** Of what was added until now. */
  compute(): ScopeChecksum;
}

const valueHexDigits = 32;
const valueBits = 128;

/** In code unit order, as canonical JSON wants them, and already written as keys. */
const columnsByTable = new Map(
  domainTables.map((table) => [
    table,
    Object.keys(domainRowSchemas[table].shape)
      .sort()
      .map((column) => ({ column, key: `${JSON.stringify(column)}:` })),
  ]),
);

/** The text of a row that its value is computed from. */
export function computeChecksumText(
  table: DomainTable,
  row: Readonly<Record<string, unknown>>,
): string {
  const columns = columnsByTable.get(table) ?? [];
  // Columns hold texts, numbers and nulls alone, and for these the canonical form is JSON's own.
  const members = columns.map(({ column, key }) => key + JSON.stringify(row[column] ?? null));
  return `["${table}",{${members.join(',')}}]`;
}

export function createScopeChecksumSum(sha256Hex: Sha256Hex): ScopeChecksumSum {
  let count = 0;
  let sum = 0n;
  return {
    add(table, row) {
      const hash = sha256Hex(computeChecksumText(table, row));
      sum = BigInt.asUintN(valueBits, sum + BigInt(`0x${hash.slice(0, valueHexDigits)}`));
      count += 1;
    },
    compute: () => ({ count, checksum: sum.toString(16).padStart(valueHexDigits, '0') }),
  };
}
