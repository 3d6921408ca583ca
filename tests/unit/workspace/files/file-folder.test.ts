import { spawn } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileFolder } from '../../../../src/main/workspace/files/file-folder.ts';
import { sha256Hex } from '../../../../src/main/workspace/ports/system-ports.ts';
import {
  catchStintError,
  makeTemporaryFolder,
  ports,
} from '../../../support/sync/test-installation.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let files: FileFolder;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  files = new FileFolder(join(temporary.path, 'files'), ports.randomness);
  await files.prepare();
});
afterEach(() => temporary.remove());

const listIncoming = () => readdir(join(temporary.path, 'files', 'incoming'));

test('SY-21 a content lies under its hash, once, however often it is taken in', async () => {
  const content = Buffer.from(ports.randomness.bytes(300_000));
  const source = join(temporary.path, 'Übersicht 🌱.csv');
  await writeFile(source, content);
  const first = await files.importPath(source);
  const second = await files.importStream([content.subarray(0, 7), content.subarray(7)] as never);
  expect(first).toEqual({ sha256: sha256Hex(content), sizeBytes: 300_000 });
  expect(second).toEqual(first);
  expect(await readFile(files.path(first.sha256))).toEqual(content);
  expect(await listIncoming()).toEqual([]);
});

test('SY-21 a source that fails half-way leaves nothing behind', async () => {
  async function* failing() {
    yield Buffer.alloc(100_000, 1);
    throw new Error('the stick was pulled out');
  }
  await expect(files.importStream(failing())).rejects.toThrow('pulled out');
  expect(await listIncoming()).toEqual([]);
});

test('SY-21 a source that is written to while it is read is read again', async () => {
  const source = join(temporary.path, 'growing.txt');
  await writeFile(source, Buffer.alloc(4 * 1024 * 1024, 65));
  const imported = files.importPath(source);
  await appendFile(source, 'the last line');
  const stored = await imported;
  expect(stored.sha256).toBe(sha256Hex(await readFile(source)));
});

test('SY-21 a source that never rests is refused in plain words', async () => {
  const source = join(temporary.path, 'log.txt');
  await writeFile(source, Buffer.alloc(8 * 1024 * 1024, 65));
  let isDone = false;
  const writing = (async () => {
    while (!isDone) await appendFile(source, 'x');
  })();
  const error = await catchStintError(() => files.importPath(source));
  isDone = true;
  await writing;
  expect(error.code).toBe('file_changed');
  expect(error.message).toContain('log.txt');
});

test('SY-21 a kill in the middle of an import leaves no content, and the next start clears up', async () => {
  const script = join(temporary.path, 'import-and-hang.ts');
  const module = new URL('../../../../src/main/workspace/files/file-folder.ts', import.meta.url);
  const portsModule = new URL(
    '../../../../src/main/workspace/ports/system-ports.ts',
    import.meta.url,
  );
  await writeFile(
    script,
    `import { FileFolder } from ${JSON.stringify(module.href)};
     import { createSystemPorts } from ${JSON.stringify(portsModule.href)};
     const files = new FileFolder(${JSON.stringify(join(temporary.path, 'files'))}, createSystemPorts().randomness);
     await files.importStream((async function* () {
       yield Buffer.alloc(1_000_000, 7);
       console.log('half-way');
       await new Promise((resolve) => setTimeout(resolve, 60_000));
     })());`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(await listIncoming()).toHaveLength(1);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const all = await readdir(join(temporary.path, 'files'), { recursive: true });
  expect(all.filter((name) => /[0-9a-f]{64}$/.test(name))).toEqual([]);
  await files.prepare();
  expect(await listIncoming()).toEqual([]);
});

test('what is not a file is named', async () => {
  await mkdir(join(temporary.path, 'folder'));
  for (const name of ['folder', 'not there.txt']) {
    const error = await catchStintError(() => files.importPath(join(temporary.path, name)));
    expect(error.code).toBe('file_missing');
    expect(error.message).toContain(name);
  }
});

test('the contents that are here are listed by their hashes, and nothing that is still coming', async () => {
  const stored = await files.importStream([Buffer.from('one')] as never);
  const other = await files.importStream([Buffer.from('two')] as never);
  await writeFile(files.partialPath(sha256Hex('three'), 'seat'), 'thr');
  expect(await files.listHashes()).toEqual(new Set([stored.sha256, other.sha256]));
});
