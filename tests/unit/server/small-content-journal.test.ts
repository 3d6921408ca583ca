import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSmallContentJournal } from '../../../src/server/files/small-content-journal.ts';
import { computeContentLock } from '../../../src/server/files/content-lock.ts';
import { createSystemClock } from '../../../src/server/ports/system-clock.ts';
import { createLocalProcessLink } from '../../../src/server/processes/local-process-link.ts';
import { sha256Hex } from '../../../src/server/sha256-hex.ts';

const orgId = '01a221b3-b448-7475-8000-000000000001';
const createContent = (text: string) => {
  const bytes = Buffer.from(text);
  return { sha256: sha256Hex(bytes), bytes };
};

async function createJournal(limitBytes?: number) {
  const root = await mkdtemp(path.join(tmpdir(), 'stint-journal-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  let count = 0;
  const folder = path.join(root, '.journal');
  const computePath = (org: string, sha256: string) => path.join(root, org, sha256);
  const clock = createSystemClock();
  const randomness = { uuid: () => `batch-${(count += 1)}` } as never;
  const link = createLocalProcessLink();
  const create = () =>
    createSmallContentJournal(folder, computePath, { randomness, clock, link }, limitBytes);
  return {
    folder,
    clock,
    link,
    journal: create(),
    /** As another process has it. */
    createBeside: create,
    computePath: (sha256: string) => computePath(orgId, sha256),
  };
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

test('SY-1 of a pack with a file that the disk once refused, all are written again, whole though they look', async () => {
  const { folder, journal, computePath } = await createJournal();
  const [sound, other] = [createContent('sound'), createContent('other')];
  await journal.take(orgId, [sound, other]);
  const [pack = ''] = await readdir(folder);
  await rename(path.join(folder, pack), path.join(folder, pack.replace('.', '.again.')));
  const before = await stat(computePath(sound.sha256));
  await journal.settle();
  expect((await stat(computePath(sound.sha256))).ino).not.toBe(before.ino);
  expect(await readFile(computePath(other.sha256), 'utf8')).toBe('other');
  expect(await readdir(folder)).toEqual([]);
});

test('SY-1 what a process left that died over it goes after an hour, and what is being written stays', async () => {
  const { folder, journal, clock } = await createJournal();
  await journal.take(orgId, [createContent('one')]);
  for (const name of ['dead.3.pack.new', 'dead.0', 'young.0'])
    await writeFile(path.join(folder, name), 'half');
  const agoSeconds = clock.nowMs() / 1000 - 7200;
  for (const name of ['dead.3.pack.new', 'dead.0'])
    await utimes(path.join(folder, name), agoSeconds, agoSeconds);
  await journal.settle();
  expect(await readdir(folder)).toEqual(['young.0']);
});

test('SY-23 what waits is counted over all processes, and what another one settled waits no more', async () => {
  const one = await createJournal(400);
  const other = one.createBeside();
  await one.journal.take(orgId, [createContent('a'.repeat(100))]);
  // Beyond the limit together: whoever comes has everybody's settled first.
  await other.take(orgId, [createContent('b'.repeat(100))]);
  expect(await readdir(one.folder)).toHaveLength(1);
  await other.settle();
  expect(await readdir(one.folder)).toEqual([]);
  // Nothing waits any more, so nothing has to be settled for this one, and it waits itself.
  await one.journal.take(orgId, [createContent('c'.repeat(100))]);
  expect(await readdir(one.folder)).toHaveLength(1);
});

test('SY-1 a pack that cannot be settled keeps nothing from being taken as long as there is room beside it', async () => {
  const { folder, journal } = await createJournal(400);
  await journal.take(orgId, [createContent('a'.repeat(100))]);
  await writeFile(path.join(folder, 'bad.10.pack'), 'no pack');
  await journal.take(orgId, [createContent('b'.repeat(100))]);
  await writeFile(path.join(folder, 'worse.1000.pack'), 'no pack');
  await expect(journal.take(orgId, [createContent('c'.repeat(100))])).rejects.toThrow('.pack');
});

test('SY-1 nothing is put back at a place that somebody moves contents to or from; it is done the next time', async () => {
  const { folder, journal, link, computePath } = await createJournal();
  const [lost, sound] = [createContent('lost'), createContent('sound')];
  await journal.take(orgId, [lost, sound]);
  await rm(computePath(lost.sha256));
  // As a scrub has it that found it damaged, and is about to set it aside.
  const lock = await link.tryLock(computeContentLock({ orgId, sha256: lost.sha256 }));
  await journal.settle();
  await expect(stat(computePath(lost.sha256))).rejects.toThrow('ENOENT');
  expect(await readdir(folder)).toHaveLength(1);
  await lock?.release();
  await journal.settle();
  expect(await readFile(computePath(lost.sha256), 'utf8')).toBe('lost');
  expect(await readdir(folder)).toEqual([]);
});

test('SY-1 what holds the lock of a lost content, and waits for room, is not waited for in turn', async () => {
  const { folder, journal, link, computePath } = await createJournal(1);
  const lost = createContent('lost');
  await journal.take(orgId, [lost]);
  await rm(computePath(lost.sha256));
  const lock = await link.tryLock(computeContentLock({ orgId, sha256: lost.sha256 }));
  // The same content comes again, as the one whose lock this is.
  await journal.take(orgId, [lost]);
  await lock?.release();
  await journal.settle();
  expect(await readFile(computePath(lost.sha256), 'utf8')).toBe('lost');
  expect(await readdir(folder)).toEqual([]);
});
