import { open } from 'node:fs/promises';
import type { TakeBlock } from './block-pool.ts';

const blockBytes = 1024 * 1024;

/**
 * A file's content in blocks, large ones: for one that is read from beginning to end and fast.
 *
 * @param take where the blocks come from; whoever gives them says when they are used again.
 */
export async function* readBlocks(
  path: string,
  sizeBytes: number,
  take: TakeBlock = Buffer.allocUnsafeSlow,
): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (let position = 0; ;) {
      // One byte more than is expected, to notice a file that has grown.
      const isPastEnd = position >= sizeBytes;
      const room = isPastEnd ? 1 : Math.min(blockBytes, sizeBytes - position);
      const block = isPastEnd ? Buffer.alloc(room) : take(room);
      const { bytesRead } = await file.read(block, 0, room, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield bytesRead === room ? block : block.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
