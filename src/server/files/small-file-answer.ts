import { encodeSmallFiles } from '../../shared/protocol/small-file-frame.ts';
import { smallFileLimits } from '../../shared/protocol/small-files.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { isContentLost } from './blob-hash.ts';
import type { BlobStore } from './blob-store.ts';
import { listReadableFiles } from './file-access.ts';

/** Contents that are read at once. */
const simultaneousReads = 8;
/** Of contents; the header comes on top. */
const contentsBytes = smallFileLimits.bodyBytes - 128 * 1024;

/**
 * Of these contents those that the person may read, that are small, and that are sound, as one body; of what does not
 * fit into one the rest is left out. Asked for by itself, each that was left out says why.
 * @throws StintError `forbidden` for who is no member.
 */
export async function answerSmallFiles(
  { database, blobs }: { readonly database: ServerDatabase; readonly blobs: BlobStore },
  accountId: string,
  orgId: string,
  hashes: readonly string[],
): Promise<Uint8Array> {
  const readable = await listReadableFiles(database, accountId, orgId, [...new Set(hashes)]);
  const queue = [...readable];
  const contents: { sha256: string; bytes: Uint8Array }[] = [];
  let sizeBytes = 0;
  const runLane = async (): Promise<void> => {
    for (let sha256 = queue.shift(); sha256 !== undefined; sha256 = queue.shift()) {
      if (sizeBytes >= contentsBytes) return;
      const bytes = await blobs
        .readSmall(orgId, sha256, smallFileLimits.fileBytes)
        .catch((error: unknown) => {
          // One that the disk cannot read must not keep the others back.
          if (isContentLost(error)) return undefined;
          throw error;
        });
      if (bytes === undefined || sizeBytes + bytes.byteLength > contentsBytes) continue;
      // What the store changed reaches nobody.
      if (sha256Hex(bytes) !== sha256) continue;
      contents.push({ sha256, bytes });
      sizeBytes += bytes.byteLength;
    }
  };
  await Promise.all(Array.from({ length: simultaneousReads }, runLane));
  const files = contents.map(({ sha256, bytes }) => ({ sha256, sizeBytes: bytes.byteLength }));
  return encodeSmallFiles(
    Buffer.from(JSON.stringify({ files })),
    contents.map(({ bytes }) => bytes),
  );
}
