import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const readBytes = 1024 * 1024;

/** The SHA-256 of a file, read in pieces into one buffer. */
export async function computeFileSha256(filePath: string): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(readBytes);
  const file = await open(filePath, 'r');
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, readBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
