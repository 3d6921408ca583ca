import { open } from 'node:fs/promises';

const blockBytes = 1024 * 1024;

/** A file's content in blocks of its own, large ones: for one that is read from beginning to end and fast. */
export async function* readBlocks(path: string, sizeBytes: number): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (let position = 0; ;) {
      // One byte more than is expected, to notice a file that has grown.
      const room = Math.max(1, Math.min(blockBytes, sizeBytes - position));
      const block = Buffer.allocUnsafeSlow(room);
      const { bytesRead } = await file.read(block, 0, room, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield bytesRead === room ? block : block.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
