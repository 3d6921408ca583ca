/** A stream of numbers that its name decides: the same parts give the same stream, whoever draws from others meanwhile. */
export interface SeededRandom {
  /** In [0, 1). */
  fraction(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** A whole number in [low, high]. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item | undefined;
  bytes(count: number): Uint8Array;
}

/** FNV-1a, 32 bits (RFC draft-eastlake-fnv), over UTF-16 code units. */
function computeSeed(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Mulberry32, a small generator of public domain, begun from the hash of its name. */
export function createRandom(...name: readonly (string | number)[]): SeededRandom {
  let state = computeSeed(name.join('/'));
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => next() % limit;
  return {
    fraction: () => next() / 2 ** 32,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() / 2 ** 32 < probability,
    pick: (items) => (items.length === 0 ? undefined : items[below(items.length)]),
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
  };
}
