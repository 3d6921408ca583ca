import { computeCanonicalJson } from '../../../shared/canonical-json.ts';
import type { Sha256Hex } from '../../../shared/ports.ts';
import type { PackedRow } from './pack-format.ts';

/** SY-3: the hash of an outbox row, over all its other columns; an anchor counts only where there is one. */
export function computeOutboxRowHash(
  { rowHash: _hash, anchorJson, ...row }: PackedRow,
  sha256Hex: Sha256Hex,
): string {
  return sha256Hex(computeCanonicalJson(anchorJson === null ? row : { ...row, anchorJson }));
}

/** Whether a row's arguments and the row itself are what was written once. */
export function isRowIntact(row: PackedRow, sha256Hex: Sha256Hex): boolean {
  return (
    sha256Hex(row.argsJson) === row.argsHash && computeOutboxRowHash(row, sha256Hex) === row.rowHash
  );
}
