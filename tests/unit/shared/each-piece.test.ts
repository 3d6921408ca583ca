import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { eachPiece } from '../../../src/shared/each-piece.ts';
import { letGo } from '../../../src/shared/let-go.ts';

const make = (text: string): Uint8Array => new TextEncoder().encode(text);

test('pieces come as they were, though several had gathered', async () => {
  const source = new PassThrough();
  const given = [make('one'), make('two'), make('three')];
  for (const piece of given) source.write(piece);
  source.end();
  const memories: ArrayBufferLike[] = [];
  let text = '';
  for await (const piece of eachPiece(source)) {
    memories.push(piece.buffer);
    text += Buffer.from(piece).toString();
  }
  expect(text).toBe('onetwothree');
  // Those that were given, and no copies of them.
  expect(memories).toEqual(given.map(({ buffer }) => buffer));
  expect(memories.every((memory, index) => memory === given[index]?.buffer)).toBe(true);
});

test('a stream that breaks, or is closed before its end, is told; who leaves early destroys it', async () => {
  const collect = async (source: PassThrough): Promise<void> => {
    for await (const _piece of eachPiece(source)) void 0;
  };
  const broken = new PassThrough();
  const heard = collect(broken);
  broken.destroy(new Error('the line broke'));
  await expect(heard).rejects.toThrow('the line broke');
  const closed = new PassThrough();
  closed.destroy();
  await expect(collect(closed)).rejects.toThrow('closed before its end');
  const left = new PassThrough();
  left.write(make('one'));
  for await (const _piece of eachPiece(left)) break;
  expect(left.destroyed).toBe(true);
});

test('memory that a buffer has to itself is given back, and what it shares is not', () => {
  const own = new Uint8Array(70_000);
  letGo(own);
  expect(own.byteLength).toBe(0);
  const shared = new Uint8Array(100);
  letGo(shared.subarray(0, 50));
  expect(shared.byteLength).toBe(100);
  // The system's own store, though a buffer fills all of it.
  const pool = Buffer.from('text').buffer;
  letGo(new Uint8Array(pool));
  expect(Buffer.from('again').toString()).toBe('again');
});
