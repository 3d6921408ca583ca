/** What one millisecond has room for in the twelve bits that follow it. */
const perMillisecond = 4096;

/**
 * New ids (UUIDv7, RFC 9562, section 5.7) that sort in the order in which they stand here: what is chosen together
 * keeps its order, whichever is done first.
 */
export function createOrderedIds(count: number, nowMs: number = Date.now()): string[] {
  return Array.from({ length: count }, (_, index) => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const view = new DataView(bytes.buffer);
    const milliseconds = nowMs + Math.floor(index / perMillisecond);
    view.setUint16(0, Math.floor(milliseconds / 2 ** 32));
    view.setUint32(2, milliseconds % 2 ** 32);
    view.setUint16(6, 0x7000 | (index % perMillisecond));
    view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join('-');
  });
}
