import { computeLogHash } from '../../shared/domain/log-chain.ts';
import type { Head } from '../../shared/protocol/push.ts';
import { sha256Hex } from '../sha256-hex.ts';

/** The head after one more mutation; its hash names the whole history before it (SY-15). */
export function computeLogHead(
  previous: Head,
  mutation: { readonly id: string; readonly argsHash: string; readonly receivedAt: string },
): Head {
  const seq = previous.seq + 1;
  const { id: mutationId, argsHash, receivedAt } = mutation;
  const link = { seq, mutationId, argsHash, receivedAt };
  return { seq, hash: computeLogHash(previous.hash, link, sha256Hex) };
}

/** Before the first mutation. */
export const emptyHead: Head = { seq: 0, hash: '' };
