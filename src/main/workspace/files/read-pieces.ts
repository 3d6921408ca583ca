import { open } from 'node:fs/promises';

/** Few and large pieces: each of them is a turn of the event loop and a call to the disk. */
const readBytes = 1024 * 1024;

/** A file's bytes in pieces, all of them in one buffer: a piece holds until the next one is asked for. */
export async function* readPieces(path: string): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(readBytes);
  const file = await open(path, 'r');
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, readBytes, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
