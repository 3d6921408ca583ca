import { expect, test } from 'vitest';
import { PieceWriter } from '../../../src/shared/piece-writer.ts';

/** A disk that takes at most so many bytes of each write, and fails when it is full. */
function createDisk(options: { readonly mostBytes: number; readonly roomBytes?: number }) {
  const content: number[] = [];
  const batches: number[] = [];
  return {
    content,
    batches,
    async writev(pieces: Uint8Array[], position: number) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      batches.push(pieces.length);
      expect(position).toBe(content.length);
      const bytes = pieces.flatMap((piece) => [...piece]);
      const roomBytes = (options.roomBytes ?? Number.POSITIVE_INFINITY) - content.length;
      if (roomBytes <= 0) throw new Error('the disk is full');
      const taken = bytes.slice(0, Math.min(options.mostBytes, roomBytes));
      content.push(...taken);
      return { bytesWritten: taken.length };
    },
  };
}

const count = (from: number, to: number) =>
  Uint8Array.from({ length: to - from }, (_, index) => from + index);

test('all pieces are written in their order, where the disk takes parts of writes alone', async () => {
  const disk = createDisk({ mostBytes: 3 });
  const writer = new PieceWriter(disk, 0);
  for (let start = 0; start < 100; start += 5) await writer.add(count(start, start + 5));
  await writer.finish();
  expect(disk.content).toEqual([...count(0, 100)]);
  expect(writer.end).toBe(100);
});

test('what comes while a write runs is written together', async () => {
  const disk = createDisk({ mostBytes: 1000 });
  const writer = new PieceWriter(disk, 0);
  for (let start = 0; start < 50; start += 5) await writer.add(count(start, start + 5));
  await writer.finish();
  expect(disk.batches).toEqual([1, 9]);
});

test('a disk that is full is told, and what it took before is what came', async () => {
  const disk = createDisk({ mostBytes: 1000, roomBytes: 12 });
  const writer = new PieceWriter(disk, 0);
  await writer.add(count(0, 10));
  await writer.add(count(10, 20));
  await expect(writer.finish()).rejects.toThrow('the disk is full');
  await expect(writer.add(count(20, 30))).rejects.toThrow('the disk is full');
  expect(disk.content).toEqual([...count(0, 12)]);
});
