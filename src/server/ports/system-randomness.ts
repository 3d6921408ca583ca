import * as nodeCrypto from 'node:crypto';
import type { Randomness } from '../../shared/ports.ts';

/** A UUID version 7 (RFC 9562, section 5.7) from a clock reading and ten random bytes. */
export function computeUuidV7(epochMs: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(epochMs) << 16n);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Buffer.from(bytes).toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

export function createSystemRandomness(): Randomness {
  // Node 24 gained `randomUUIDv7` in a later release; Electron's Node may be an earlier one.
  const builtIn = (nodeCrypto as { randomUUIDv7?: () => string }).randomUUIDv7;
  return {
    uuid: () => builtIn?.() ?? computeUuidV7(Date.now(), nodeCrypto.randomBytes(10)),
    bytes: (count) => nodeCrypto.randomBytes(count),
    fraction: () => Math.random(),
  };
}
