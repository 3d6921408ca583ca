import type { Sha256Hex } from '../ports.ts';

/** What the hash of one line of an organization's log is made over. */
export interface LogLink {
  readonly seq: number;
  readonly mutationId: string;
  /** SHA-256 of the arguments' canonical JSON. */
  readonly argsHash: string;
  readonly receivedAt: string;
}

/**
 * The log's hash after one more mutation, so that a head names the whole history before it (SY-15):
 * SHA-256, in lower-case hexadecimal, over the UTF-8 text of five lines joined by one line feed each,
 * without one at the end:
 *
 *     previous head's hash (empty before the first mutation)
 *     mutation id
 *     SHA-256 of the arguments' canonical JSON
 *     sequence number, decimal
 *     the instant of receipt
 *
 * A restored server may take the same mutations again, in the same order: the time of receipt, which stands in
 * their rows, makes that another history, and whoever holds rows of the first one hears of it.
 */
export function computeLogHash(previousHash: string, link: LogLink, sha256Hex: Sha256Hex): string {
  const { mutationId, argsHash, seq, receivedAt } = link;
  return sha256Hex([previousHash, mutationId, argsHash, seq, receivedAt].join('\n'));
}

export interface ChainedEntry extends LogLink {
  readonly hash: string;
  /** Null where they were left out or erased: their hash still holds its place in the chain. */
  readonly argsJson: string | null;
}

/** Follows a log entry by entry, from its first one on. */
export class ChainCheck {
  readonly #sha256Hex: Sha256Hex;
  #seq = 0;
  #hash = '';

  constructor(sha256Hex: Sha256Hex) {
    this.#sha256Hex = sha256Hex;
  }

  get entries(): number {
    return this.#seq;
  }

  /** The hash of the newest entry; whoever noted it earlier can tell that nothing before it was changed since. */
  get hash(): string {
    return this.#hash;
  }

  /** @returns what is wrong with this entry, in words; undefined when it fits. Nothing after one that does not fit is worth asking. */
  follow(entry: ChainedEntry): string | undefined {
    if (entry.seq !== this.#seq + 1)
      return `expected entry ${this.#seq + 1}, and found ${entry.seq}: what lies between is missing or was moved`;
    if (entry.argsJson !== null && this.#sha256Hex(entry.argsJson) !== entry.argsHash)
      return `entry ${entry.seq} has other arguments than its hash says`;
    if (computeLogHash(this.#hash, entry, this.#sha256Hex) !== entry.hash)
      return `entry ${entry.seq} does not fit to the one before: one of them was changed`;
    this.#seq = entry.seq;
    this.#hash = entry.hash;
    return undefined;
  }
}
