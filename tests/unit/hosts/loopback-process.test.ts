import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hostPaths, tokenHeader } from '../../../src/shared/contract/carriers.ts';

const entry = path.resolve(import.meta.dirname, '../../../src/main/loopback/main.ts');

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stint-loopback-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
  });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text));
  const exited = once(child, 'close') as Promise<[number | null, string | null]>;
  return { child, output, exited };
}

async function start(args: readonly string[]) {
  const running = run([...args, '--json']);
  const lines = createInterface({ input: running.child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), running.exited])) as [unknown];
  if (typeof line !== 'string') throw new Error(`the host did not start: ${running.output.err}`);
  return { ...running, url: new URL((JSON.parse(line) as { url: string }).url) };
}

test('it tells its address in one line of JSON, answers there, and ends cleanly when asked to', async () => {
  const { url, output, child, exited } = await start(['--data', folder]);
  const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? '';
  const response = await fetch(url.origin + hostPaths.request('app.state'), {
    method: 'POST',
    headers: { [tokenHeader]: token, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(await response.json()).toMatchObject({ ok: true, value: { host: 'loopback', seats: [] } });
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(output.out.trim().split('\n')).toHaveLength(1);
  expect(output.err).toBe('');
});

test('where a file is no database it starts all the same, says so, and leaves the file as it is', async () => {
  const file = path.join(folder, 'workspace.db');
  await writeFile(file, 'no database '.repeat(500));
  const { url, child, exited } = await start(['--data', folder]);
  const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? '';
  const ask = async (name: string): Promise<unknown> => {
    const response = await fetch(url.origin + hostPaths.request(name), {
      method: 'POST',
      headers: { [tokenHeader]: token, 'content-type': 'application/json' },
      body: '{}',
    });
    return await response.json();
  };
  expect(await ask('app.state')).toMatchObject({ ok: false, error: { code: 'database_damaged' } });
  expect(await ask('recovery.state')).toMatchObject({
    ok: true,
    value: { damage: { databases: [{ name: 'workspace.db' }], newestCopyId: null } },
  });
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(await readFile(file, 'utf8')).toBe('no database '.repeat(500));
});

test('Ctrl+C ends it too, and a browser that listens does not hold it back', async () => {
  const { url, child, exited } = await start(['--data', folder]);
  const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? '';
  const events = await fetch(url.origin + hostPaths.events, { headers: { [tokenHeader]: token } });
  expect(events.status).toBe(200);
  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  await events.body?.cancel().catch(() => undefined);
});

test('without a display it prints the address, and its data lie where the system keeps such', async () => {
  const dataHome = path.join(folder, 'data-home');
  const { output, child, exited } = run(['--port', '0'], { XDG_DATA_HOME: dataHome });
  await expect
    .poll(() => output.out, { timeout: 20_000 })
    .toContain('open the address in a browser');
  expect(output.out).toMatch(/^Stint is open at http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/m);
  child.kill('SIGTERM');
  await exited;
  expect(await readdir(path.join(dataHome, 'stint'))).toContain('workspace.db');
});

describe('what keeps it from starting is said plainly, and damages nothing', () => {
  async function fail(args: readonly string[]): Promise<string> {
    const { output, exited } = run(args);
    const [status] = await exited;
    expect(status).toBe(1);
    expect(output.out).toBe('');
    expect(output.err).toMatch(/^Stint cannot start: [^\n]+\n$/);
    return output.err;
  }

  test('another process on the same folder', async () => {
    const first = await start(['--data', folder]);
    expect(await fail(['--data', folder, '--json'])).toContain(folder);
    // It still answers: that the token is missing.
    expect((await fetch(first.url.origin + hostPaths.events)).status).toBe(401);
  });

  test('a database of a newer version', async () => {
    const { child, exited } = await start(['--data', folder]);
    child.kill('SIGTERM');
    await exited;
    const file = path.join(folder, 'workspace.db');
    const database = new Database(file);
    database.exec(`insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    const before = await readFile(file);
    expect(await fail(['--data', folder, '--json'])).toContain('newer version');
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  test('a folder where a file stands', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, 'kept');
    expect(await fail(['--data', file, '--json'])).toContain(file);
    expect(await readFile(file, 'utf8')).toBe('kept');
  });

  test('a folder in which nobody may write', async () => {
    // Root may write anywhere, but for the system's own folders.
    const locked = process.getuid?.() === 0 ? '/sys/stint' : path.join(folder, 'locked', 'stint');
    if (!locked.startsWith('/sys')) {
      await mkdir(path.dirname(locked));
      await chmod(path.dirname(locked), 0o500);
    }
    const words = await fail(['--data', locked, '--json']);
    expect(words).toContain(`${locked} cannot be written`);
  });

  test('a port that is taken', async () => {
    const first = await start(['--data', path.join(folder, 'a')]);
    const second = await fail([
      '--data',
      path.join(folder, 'b'),
      '--json',
      '--port',
      first.url.port,
    ]);
    expect(second).toContain(first.url.port);
  });

  test('an option that it does not know', async () => {
    expect(await fail(['--folder', folder])).toContain('--data DIR');
  });
});
