import type { Head } from '../../shared/protocol/push.ts';
import { sha256Hex } from '../sha256-hex.ts';

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
export function computeLogHead(
  previous: Head,
  mutation: { readonly id: string; readonly argsHash: string; readonly receivedAt: string },
): Head {
  const seq = previous.seq + 1;
  const { id, argsHash, receivedAt } = mutation;
  return { seq, hash: sha256Hex([previous.hash, id, argsHash, seq, receivedAt].join('\n')) };
}

/** Before the first mutation. */
export const emptyHead: Head = { seq: 0, hash: '' };
