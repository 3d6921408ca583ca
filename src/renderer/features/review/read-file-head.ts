import { hostPaths } from '../../../shared/contract/carriers.ts';
import { decodeText } from '../../client/decode-text.ts';
import { carrier } from '../../client/host.ts';

export interface FileHead {
  readonly text: string;
  /** There is more of the file than was read. */
  readonly isCut: boolean;
}

/** The first `maxBytes` of a file that is on this computer, as text. */
export async function readFileHead(
  seatId: string,
  attachmentId: string,
  sizeBytes: number,
  maxBytes: number,
): Promise<FileHead> {
  const isCut = sizeBytes > maxBytes;
  const response = await fetch(hostPaths.file(seatId, attachmentId), {
    headers: { ...carrier.headers, ...(isCut ? { range: `bytes=0-${maxBytes - 1}` } : {}) },
  });
  if (!response.ok) throw new Error(`Expected the file’s contents, found HTTP ${response.status}.`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // A host that does not know ranges answers with everything.
  return { text: decodeText(bytes.subarray(0, maxBytes), isCut), isCut };
}
