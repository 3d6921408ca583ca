import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlockPool } from '../../../src/main/workspace/bundles/block-pool.ts';
import { MadeContents } from '../../../src/main/workspace/bundles/made-contents.ts';
import { eachPiece, eachSlice } from '../../../src/main/workspace/bundles/text-entry.ts';
import { withoutTurns } from '../../../src/main/workspace/sync/turns.ts';

async function gather(pieces: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const gathered: Buffer[] = [];
  for await (const piece of pieces) gathered.push(Buffer.from(piece));
  return Buffer.concat(gathered);
}

async function* give(texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

describe('contents that are made for an archive', () => {
  let parent: string;
  let folder: string;
  let made: MadeContents;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'stint-made-'));
    folder = join(parent, 'made');
    made = await MadeContents.open(folder);
  });

  afterEach(() => rm(parent, { recursive: true }));

  test('what is one piece stays in memory, what is none is empty', async () => {
    expect(await made.keep('data/a.json', give(['{}']))).toEqual({
      path: 'data/a.json',
      content: Buffer.from('{}'),
    });
    expect(await made.keep('data/b.json', give([]))).toEqual({
      path: 'data/b.json',
      content: Buffer.alloc(0),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('what is more lies on the disk, with its hash and its checksum, and is read from there', async () => {
    const entry = await made.keep('data/c.json', give(['one ', 'two ', 'three']));
    const whole = Buffer.from('one two three');
    expect(entry).toMatchObject({
      path: 'data/c.json',
      sizeBytes: whole.byteLength,
      sha256: createHash('sha256').update(whole).digest('hex'),
      crc32: crc32(whole),
    });
    expect(await readFile(join(folder, '1'))).toEqual(whole);
    if (!('open' in entry)) throw new Error('expected an entry on the disk');
    expect(await gather(entry.open(new BlockPool().take))).toEqual(whole);
  });

  test('nothing is left behind, and what a killed export left is gone at the next', async () => {
    await writeFile(join(folder, '1'), 'left');
    made = await MadeContents.open(folder);
    expect(await readdir(folder)).toEqual([]);
    await made.remove();
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });
});

describe('a text piece by piece', () => {
  test('others have their turn after each part', async () => {
    let passes = 0;
    const turns = {
      pass: async () => {
        passes += 1;
      },
    };
    expect((await gather(eachPiece(['a', 'b', 'c'], turns))).toString()).toBe('abc');
    expect(passes).toBe(3);
  });

  test('no character is cut in two where a long text is', async () => {
    const text = `${'a'.repeat(256 * 1024 - 1)}😀 and ${'b'.repeat(300_000)}`;
    const parts = [...eachSlice(text)];
    expect(parts.length).toBeGreaterThan(1);
    const written = await gather(eachPiece(parts, withoutTurns));
    expect(written.toString('utf8') === text).toBe(true);
  });
});
