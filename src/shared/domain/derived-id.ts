import type { Sha256Hex } from '../ports.ts';

/**
 * An id that both sides compute alike for a row that a mutation brings about without naming it:
 * a UUID version 8 (RFC 9562, section 5.8) from the hash of the mutation's id and what the row is for.
 */
export function computeDerivedId(
  mutationId: string,
  purpose: string,
  sha256Hex: Sha256Hex,
): string {
  const hash = sha256Hex(`${mutationId}/${purpose}`);
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
