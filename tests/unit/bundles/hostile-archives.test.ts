import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readBundle } from '../../../src/main/workspace/bundles/opened/read-bundle.ts';
import { openArchive } from '../../../src/main/workspace/bundles/verify/read-archive.ts';
import { verifyBundle } from '../../../src/main/workspace/bundles/verify-bundle.ts';
import {
  computeCentralHeader,
  computeEnd,
  computeLocalHeader,
  type ZipEntry,
} from '../../../src/main/workspace/bundles/zip-records.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const day = '2026-03-02';

const makeEntry = (name: string, content: Buffer, offset: number): ZipEntry => ({
  name: Buffer.from(name),
  sizeBytes: content.length,
  crc32: crc32(content),
  offset,
  hasDescriptor: false,
});

async function writeZip(
  body: Buffer,
  entries: readonly ZipEntry[],
  saidCount = entries.length,
): Promise<string> {
  const list = Buffer.concat(entries.map((entry) => computeCentralHeader(entry, day)));
  const path = join(await makeTemporaryFolder(), 'hostile.zip');
  await writeFile(
    path,
    Buffer.concat([body, list, computeEnd(saidCount, body.length, list.length)]),
  );
  return path;
}

describe('an archive made to be unpacked for ever', () => {
  test('has its contents within each other: only the outermost is read', async () => {
    let body: Buffer = Buffer.alloc(0);
    const made: { name: string; content: Buffer; fromEnd: number }[] = [];
    for (let number = 0; number < 50; number += 1) {
      const name = `bag/data/${number}.bin`;
      const content = number === 0 ? Buffer.alloc(1000, 'z') : body;
      const header = computeLocalHeader(makeEntry(name, content, 0), day);
      body = Buffer.concat([header, content]);
      made.push({ name, content, fromEnd: body.length });
    }
    const entries = made.map(({ name, content, fromEnd }) =>
      makeEntry(name, content, body.length - fromEnd),
    );
    const path = await writeZip(body, entries);
    const problems: string[] = [];
    const archive = await openArchive(path, (code, message) => problems.push(`${code} ${message}`));
    archive?.close();
    expect([...(archive?.files.keys() ?? [])]).toEqual(['bag/data/49.bin']);
    expect(problems).toEqual([
      'damaged_zip the entry "bag/data/48.bin" lies within "bag/data/49.bin": no program packs them like that',
    ]);
    expect((await verifyBundle(path)).isWhole).toBe(false);
  });

  test('holds more entries than any bundle: none of them is looked at', async () => {
    const empty = Buffer.alloc(0);
    const header = computeLocalHeader(makeEntry('bag/data/x', empty, 0), day);
    const entry = makeEntry('bag/data/x', empty, 0);
    const path = await writeZip(header, [entry], 500_001);
    expect((await verifyBundle(path)).problems).toMatchObject([
      { code: 'too_many_entries', message: expect.stringContaining('500001') as string },
    ]);
    await expect(readBundle(path, 1_000_000_000)).rejects.toMatchObject({ code: 'too_large' });
  });
});
