import { createHash } from 'node:crypto';
import { StintError } from '../../shared/errors.ts';
import type { BlobStore } from './blob-store.ts';

/**
 * Whether reading a content failed since the store does not have it any more: it is gone, or the disk cannot read it. A
 * store that does not answer has lost nothing.
 */
export function isContentLost(error: unknown): boolean {
  if (error instanceof StintError) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'EIO';
}

/**
 * The SHA-256 of a content as the store gives it now; undefined where it does not hold it, or cannot read it.
 * @param ending breaks the reading off: it throws the signal's reason then.
 */
export async function findBlobSha256(
  blobs: BlobStore,
  orgId: string,
  sha256: string,
  ending?: AbortSignal,
): Promise<string | undefined> {
  if ((await blobs.findSizeBytes(orgId, sha256)) === undefined) return undefined;
  const hash = createHash('sha256');
  try {
    for await (const chunk of blobs.read(orgId, sha256, undefined) as AsyncIterable<Buffer>) {
      ending?.throwIfAborted();
      hash.update(chunk);
    }
  } catch (error) {
    if (!isContentLost(error)) throw error;
    return undefined;
  }
  return hash.digest('hex');
}
