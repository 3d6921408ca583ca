import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSmallContentJournal } from '../../../src/server/files/small-content-journal.ts';
import { sha256Hex } from '../../../src/server/sha256-hex.ts';

const orgId = '01a221b3-b448-7475-8000-000000000001';
const createContent = (text: string) => {
  const bytes = Buffer.from(text);
  return { sha256: sha256Hex(bytes), bytes };
};

async function createJournal() {
  const root = await mkdtemp(path.join(tmpdir(), 'stint-journal-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  let count = 0;
  const folder = path.join(root, '.journal');
  const computePath = (org: string, sha256: string) => path.join(root, org, sha256);
  const journal = createSmallContentJournal(folder, computePath, {
    uuid: () => `batch-${(count += 1)}`,
  } as never);
  return { folder, journal, computePath: (sha256: string) => computePath(orgId, sha256) };
}

test('SY-1 a content that is there is not replaced by one that the disk does not have yet', async () => {
  const { journal, computePath } = await createJournal();
  const known = createContent('known');
  await mkdir(path.dirname(computePath(known.sha256)), { recursive: true });
  await writeFile(computePath(known.sha256), known.bytes, { flush: true });
  const before = await stat(computePath(known.sha256));
  await journal.take(orgId, [known, createContent('new')]);
  expect((await stat(computePath(known.sha256))).ino).toBe(before.ino);
});

test('SY-1 what a power cut took from its place comes back from the journal, though another pack cannot be read', async () => {
  const { folder, journal, computePath } = await createJournal();
  const [taken, damaged] = [createContent('taken'), createContent('damaged')];
  await journal.take(orgId, [taken, damaged]);
  await writeFile(path.join(folder, 'aaa.pack'), 'no pack');
  await rm(computePath(taken.sha256));
  await writeFile(computePath(damaged.sha256), '\0\0\0\0\0\0\0');
  await expect(journal.settle()).rejects.toThrow('aaa.pack');
  expect(await readFile(computePath(taken.sha256), 'utf8')).toBe('taken');
  expect(await readFile(computePath(damaged.sha256), 'utf8')).toBe('damaged');
  expect((await readdir(folder)).filter((name) => name.endsWith('.pack'))).toEqual(['aaa.pack']);
});
