import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  catchStintError,
  makeTemporaryFolder,
  uuid,
} from '../../../support/sync/test-installation.ts';
import { openTestEngine, type TestEngine } from '../../../support/workspace/test-engine.ts';

async function open(): Promise<{ root: string; engine: TestEngine }> {
  const { path: root, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  const engine = await openTestEngine(join(root, 'workspace'), { startsSync: false });
  onTestFinished(() => engine.close());
  return { root, engine };
}

test('SY-21 an import shows how far it is, and ends when it is cancelled, without a trace', async () => {
  const { root, engine } = await open();
  const importId = uuid();
  async function* endless() {
    for (;;) {
      yield Buffer.alloc(64 * 1024, 7);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const taking = catchStintError(() =>
    engine.importStream('film.mp4', endless(), { importId, sizeBytes: 10_000_000 }),
  );
  await expect
    .poll(async () => (await engine.ask('files.imports', {}))[0]?.movedBytes)
    .toBeGreaterThan(0);
  expect(await engine.ask('files.imports', {})).toMatchObject([
    { importId, name: 'film.mp4', sizeBytes: 10_000_000, state: 'reading' },
  ]);
  expect(await engine.ask('files.cancelImport', { importId })).toEqual({ wasCancelled: true });
  expect((await taking).code).toBe('cancelled');
  expect(await engine.ask('files.imports', {})).toEqual([]);
  expect(await readdir(join(root, 'workspace', 'files', 'incoming'))).toEqual([]);
});

test('SY-21 an import that is cancelled as it begins ends, though its source gives nothing', async () => {
  const { engine } = await open();
  const importId = uuid();
  async function* silent() {
    await new Promise(() => {});
    yield Buffer.alloc(1);
  }
  const taking = catchStintError(() => engine.importStream('film.mp4', silent(), { importId }));
  expect(await engine.ask('files.cancelImport', { importId })).toEqual({ wasCancelled: true });
  expect((await taking).code).toBe('cancelled');
});

test('SY-21 a whole folder is taken in: its files are named by their paths in it, and links are left out', async () => {
  const { root, engine } = await open();
  const folder = join(root, 'Survey');
  await mkdir(join(folder, 'raw'), { recursive: true });
  await writeFile(join(folder, 'answers.csv'), 'a,b\n');
  await writeFile(join(folder, 'raw', 'answers.csv'), 'a,b\n');
  await symlink('/etc/hostname', join(folder, 'elsewhere'));
  const { files, skipped } = await engine.ask('files.importPaths', { paths: [folder] });
  expect(files.map(({ name }) => name)).toEqual(['Survey/answers.csv', 'Survey/raw/answers.csv']);
  expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(1);
  expect(skipped).toEqual([{ name: 'Survey/elsewhere', reason: 'it is a link to another place' }]);
});

test('SY-21 many small files are taken in together: in their order, the same content once, and what cannot be read is named', async () => {
  const { root, engine } = await open();
  const folder = join(root, 'Photos');
  await mkdir(folder);
  const names = Array.from(
    { length: 300 },
    (_, index) => `photo ${String(index).padStart(3, '0')}`,
  );
  for (const [index, name] of names.entries())
    await writeFile(join(folder, name), index === 7 || index === 250 ? 'the same' : name);
  await writeFile(join(folder, 'photo 100 film'), Buffer.alloc(300 * 1024, 5));
  const { files, skipped } = await engine.ask('files.importPaths', { paths: [folder] });
  expect(files.map(({ name }) => name)).toEqual(
    [...names, 'photo 100 film'].toSorted().map((name) => `Photos/${name}`),
  );
  expect(skipped).toEqual([]);
  for (const { name, sha256, sizeBytes } of files) {
    const source = await readFile(join(root, name));
    expect(sha256).toBe(createHash('sha256').update(source).digest('hex'));
    expect(sizeBytes).toBe(source.byteLength);
    const stored = await readFile(join(root, 'workspace', 'files', sha256.slice(0, 2), sha256));
    expect(stored.equals(source)).toBe(true);
  }
  expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(names.length);
  expect(await readdir(join(root, 'workspace', 'files', 'incoming'))).toEqual([]);
  expect(await engine.ask('files.imports', {})).toEqual([]);
});

test('SY-22 what no server has is never freed, however old it is', async () => {
  const { root, engine } = await open();
  const source = join(root, 'only-here.txt');
  await writeFile(source, 'the only copy');
  const { sha256 } = await engine.ask('files.importPath', { path: source });
  const stored = join(root, 'workspace', 'files', sha256.slice(0, 2), sha256);
  await utimes(stored, new Date('2020-01-01'), new Date('2020-01-01'));
  expect(await engine.ask('files.free', { includesKept: true })).toEqual({
    freedFiles: 0,
    freedBytes: 0,
  });
  expect(await engine.ask('files.space', {})).toMatchObject({ usedFiles: 1, onlyHereFiles: 1 });
});
