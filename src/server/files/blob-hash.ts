import { createHash } from 'node:crypto';
import { StintError } from '../../shared/errors.ts';
import type { BlobStore } from './blob-store.ts';

/** The SHA-256 of a content as the store gives it now; undefined where it does not hold it, or cannot read it. */
export async function findBlobSha256(
  blobs: BlobStore,
  orgId: string,
  sha256: string,
): Promise<string | undefined> {
  if ((await blobs.findSizeBytes(orgId, sha256)) === undefined) return undefined;
  const hash = createHash('sha256');
  try {
    for await (const chunk of blobs.read(orgId, sha256, undefined) as AsyncIterable<Buffer>)
      hash.update(chunk);
  } catch (error) {
    // A store that does not answer has lost nothing; a disk that cannot read a file any more has.
    if (error instanceof StintError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EIO') throw error;
    return undefined;
  }
  return hash.digest('hex');
}
