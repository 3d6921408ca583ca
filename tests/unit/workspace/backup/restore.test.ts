import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { backUpWorkspace } from '../../../../src/main/workspace/backup/back-up-workspace.ts';
import { createCopy, listDatabases } from '../../../../src/main/workspace/backup/create-copy.ts';
import type { CopyManifest } from '../../../../src/main/workspace/backup/copy-format.ts';
import { finishRestore } from '../../../../src/main/workspace/backup/restore-journal.ts';
import { restoreWorkspace } from '../../../../src/main/workspace/backup/restore-workspace.ts';
import { rescueWorkspace } from '../../../../src/main/workspace/packs/rescue-workspace.ts';
import { createSystemPorts, sha256Hex } from '../../../../src/main/workspace/ports/system-ports.ts';
import {
  openTestEngine,
  openTestRecoverableEngine,
  type TestEngine,
} from '../../../support/workspace/test-engine.ts';
import {
  listRows,
  setUpTwoDevices,
  type TwoDevices,
  workOffline,
} from '../../../support/workspace/two-devices.ts';

const ports = createSystemPorts();
const stintVersion = '0.0.0';
const password = 'correct horse battery';

const backUp = (workspaceFolder: string, to: string) =>
  backUpWorkspace({ workspaceFolder, to, stintVersion, ports });

/** A copy as the hourly one is. */
async function copyNow(workspaceFolder: string) {
  const names = await listDatabases(workspaceFolder);
  return await createCopy({
    workspaceFolder,
    into: join(workspaceFolder, 'backups'),
    reason: 'hourly',
    databases: names.map((name) => ({ name, signature: null })),
    stintVersion,
    clock: ports.clock,
  });
}

async function getSeatFile(folder: string): Promise<string> {
  const [seat] = await readdir(join(folder, 'seats'));
  return join(folder, 'seats', seat ?? '', 'seat.db');
}

async function damage(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  bytes.fill(0x5a, 4096, 4096 * 6);
  await writeFile(path, bytes);
  return bytes;
}

async function keepOpen(engine: Promise<TestEngine>): Promise<TestEngine> {
  const opened = await engine;
  onTestFinished(() => opened.close());
  return opened;
}

async function signInAgain(engine: TestEngine, { server }: TwoDevices): Promise<void> {
  const [seat] = (await engine.ask('app.state', {})).seats;
  await engine.ask('session.signIn', {
    serverUrl: server.url,
    email: seat?.email ?? '',
    password,
  });
}

const countApplied = ({ serverFolder }: TwoDevices): unknown =>
  listRows(
    join(serverFolder, 'server.db'),
    `select count(*) as "count" from "mutationLog" where "name" in ('submission.create', 'time.add')`,
  )[0]?.['count'];

describe('SY-16 a workspace restored from a backup', () => {
  test('SY-16 asks to sign in again, and sends what had not been sent, with its files', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const to = join(devices.root, 'backup');
    expect(await backUp(devices.first, to)).toMatchObject({
      databases: 2,
      contents: 1,
      changed: [],
    });
    const folder = join(devices.root, 'restored');
    await restoreWorkspace({ from: to, workspaceFolder: folder, replaces: false, ports });
    const engine = await keepOpen(openTestEngine(folder));
    await expect
      .poll(async () => (await engine.ask('sync.status', {})).overall.state)
      .toBe('signed_out');
    await signInAgain(engine, devices);
    expect(await engine.settle(20_000)).toMatchObject({ isSettled: true, attentionCount: 0 });
    expect(countApplied(devices)).toBe(2);
  });

  test('SY-16 goes on as a device of its own where the server has seen more of it than it has', async () => {
    const devices = await setUpTwoDevices();
    const to = join(devices.root, 'backup');
    await backUp(devices.first, to);
    await workOffline(devices.first, devices.task, 'before');
    const original = await keepOpen(openTestEngine(devices.first));
    await original.settle(20_000);
    await original.close();
    const result = await restoreWorkspace({
      from: to,
      workspaceFolder: devices.first,
      replaces: true,
      ports,
    });
    expect(await readdir(result.aside)).toEqual(
      expect.arrayContaining(['seats', 'secrets', 'workspace.db']),
    );
    await workOffline(devices.first, devices.task, 'after');
    const engine = await keepOpen(openTestEngine(devices.first));
    await signInAgain(engine, devices);
    expect(await engine.settle(20_000)).toMatchObject({ isSettled: true });
    expect(countApplied(devices)).toBe(4);
  });

  test('a folder that holds something is left alone without --replace, and nothing is ever deleted with it', async () => {
    const devices = await setUpTwoDevices();
    const to = join(devices.root, 'backup');
    await backUp(devices.first, to);
    const restore = (replaces: boolean) =>
      restoreWorkspace({ from: to, workspaceFolder: devices.second, replaces, ports });
    await expect(restore(false)).rejects.toMatchObject({ code: 'conflict' });
    const before = await readFile(await getSeatFile(devices.second));
    const { aside } = await restore(true);
    expect(await readFile(await getSeatFile(aside))).toEqual(before);
  });

  test('a backup with a changed file is refused, with its name, and nothing is touched', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const to = join(devices.root, 'backup');
    const { name } = await backUp(devices.first, to);
    const [part = ''] = await readdir(join(to, 'contents'));
    const [content = ''] = await readdir(join(to, 'contents', part));
    await writeFile(join(to, 'contents', part, content), 'other bytes');
    const folder = join(devices.root, 'restored');
    await expect(
      restoreWorkspace({ from: to, workspaceFolder: folder, replaces: false, ports }),
    ).rejects.toThrow(`changed: contents/${part}/${content}`);
    expect((await readdir(folder)).filter((each) => !each.startsWith('workspace.'))).toEqual([]);
    await writeFile(join(to, 'snapshots', name, 'workspace.db.gz'), randomBytes(100));
    await expect(
      restoreWorkspace({ from: join(to, name), workspaceFolder: folder, replaces: false, ports }),
    ).rejects.toThrow('changed: workspace.db.gz');
  });

  test('a content that changed where the backups lie is copied anew by the next, which makes all of them whole', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const to = join(devices.root, 'backup');
    const { name } = await backUp(devices.first, to);
    const [part = ''] = await readdir(join(to, 'contents'));
    const [content = ''] = await readdir(join(to, 'contents', part));
    const file = join(to, 'contents', part, content);
    const bytes = await readFile(file);
    // As long as it was: a disk that changes bits leaves sizes alone.
    await writeFile(file, Buffer.alloc(bytes.length, 'x'));
    await backUp(devices.first, to);
    expect(await readFile(file)).toEqual(bytes);
    for (const from of [to, join(to, name)])
      await restoreWorkspace({
        from,
        workspaceFolder: join(devices.root, `restored-${from === to ? 'newest' : 'first'}`),
        replaces: false,
        ports,
      });
  });

  test('SY-1 a restore that was killed is ended at the next start, at whatever point it was', async () => {
    const devices = await setUpTwoDevices();
    const at = (...parts: string[]) => join(devices.first, ...parts);
    const staged = '.restoring-20260101T000000000Z';
    for (const killedAfter of [0, 1, 2, 3]) {
      await rm(at('replaced-20260101T000000000Z'), { recursive: true, force: true });
      await mkdir(at(staged), { recursive: true });
      await writeFile(at(staged, 'a.db'), 'new a');
      await writeFile(at(staged, 'b.db'), 'new b');
      await writeFile(at('a.db'), 'old a');
      await rm(at('b.db'), { force: true });
      await writeFile(
        at('restore-unfinished.json'),
        JSON.stringify({
          staged,
          aside: 'replaced-20260101T000000000Z',
          leaving: ['a.db', 'b.db'],
          coming: ['a.db', 'b.db'],
        }),
      );
      if (killedAfter >= 1) {
        await mkdir(at('replaced-20260101T000000000Z'));
        await rename(at('a.db'), at('replaced-20260101T000000000Z', 'a.db'));
      }
      if (killedAfter >= 2) await rename(at(staged, 'a.db'), at('a.db'));
      if (killedAfter >= 3) await rename(at(staged, 'b.db'), at('b.db'));
      await finishRestore(devices.first);
      expect(await readFile(at('a.db'), 'utf8')).toBe('new a');
      expect(await readFile(at('b.db'), 'utf8')).toBe('new b');
      expect(await readFile(at('replaced-20260101T000000000Z', 'a.db'), 'utf8')).toBe('old a');
      expect(await readdir(devices.first)).not.toContain('restore-unfinished.json');
    }
  });
});

test('SY-1 a restore that was killed is ended before another begins, and so is not lost when that one fails', async () => {
  const devices = await setUpTwoDevices();
  await workOffline(devices.first, devices.task);
  const copy = await copyNow(devices.first);
  const at = (...parts: string[]) => join(devices.first, ...parts);
  const [staged, aside] = ['.restoring-20260101T000000000Z', 'replaced-20260101T000000000Z'];
  const coming = ['workspace.db', 'seats'];
  await mkdir(at(staged));
  await mkdir(at(aside));
  for (const name of coming) {
    await rename(at(name), at(aside, name));
    await cp(at(aside, name), at(staged, name), { recursive: true });
  }
  await writeFile(
    at('restore-unfinished.json'),
    JSON.stringify({ staged, aside, leaving: coming, coming }),
  );
  // Whole by its hash, and no database: it is found out when it was unpacked.
  const bytes = gzipSync('no database at all');
  await writeFile(join(copy.path, 'workspace.db.gz'), bytes);
  const manifest = JSON.parse(await readFile(join(copy.path, 'copy.json'), 'utf8')) as CopyManifest;
  const databases = manifest.databases.map((database) =>
    database.name === 'workspace.db'
      ? { ...database, sizeBytes: bytes.byteLength, sha256: sha256Hex(bytes) }
      : database,
  );
  const text = JSON.stringify({ ...manifest, databases });
  await writeFile(join(copy.path, 'copy.json'), text);
  await writeFile(join(copy.path, 'copy.sha256'), `${sha256Hex(text)}  copy.json\n`);
  await expect(
    restoreWorkspace({ from: copy.path, workspaceFolder: devices.first, replaces: true, ports }),
  ).rejects.toMatchObject({ code: 'bundle_not_whole' });
  const engine = await keepOpen(openTestEngine(devices.first, { startsSync: false }));
  expect((await engine.ask('app.state', {})).seats).toHaveLength(1);
});

describe('a damaged workspace', () => {
  test.each([
    ['bits that flipped', damage],
    ['a file that lost its end', (path: string) => truncate(path, 4096 * 3)],
    [
      'a file of something else',
      (path: string) => writeFile(path, 'this is no database at all'.repeat(99)),
    ],
  ])('SY-16 with %s says what is wrong, and goes on from its newest copy', async (_name, spoil) => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    await copyNow(devices.first);
    const path = await getSeatFile(devices.first);
    await spoil(path);
    const spoilt = await readFile(path);
    const engine = await keepOpen(openTestRecoverableEngine(devices.first));
    await expect
      .poll(async () => (await engine.ask('recovery.state', {})).damage, { timeout: 15_000 })
      .not.toBeNull();
    await expect(engine.ask('app.state', {})).rejects.toMatchObject({ code: 'database_damaged' });
    const { damage: found, copies } = await engine.ask('recovery.state', {});
    expect(found?.databases).toMatchObject([{ organizationName: 'Acorn' }]);
    expect(found?.newestCopyId).toBe(copies[0]?.copyId);
    expect(await readFile(path)).toEqual(spoilt);
    const { aside } = await engine.ask('recovery.restore', { copyId: copies[0]?.copyId ?? '' });
    expect(await readFile(await getSeatFile(aside))).toEqual(spoilt);
    expect((await engine.ask('recovery.state', {})).damage).toBeNull();
    expect(await engine.settle(20_000)).toMatchObject({ isSettled: true });
    expect(countApplied(devices)).toBe(2);
  });

  test('SY-20 says so where a copy was put in place that this version cannot open, and goes on from another one', async () => {
    const devices = await setUpTwoDevices();
    const older = await copyNow(devices.first);
    const path = await getSeatFile(devices.first);
    const { default: Database } = await import('better-sqlite3');
    const connection = new Database(path);
    connection.exec(`insert into "kysely_migration" values ('seat-9999-later', '2099-01-01')`);
    connection.close();
    const newer = await copyNow(devices.first);
    await writeFile(path, 'this is no database at all'.repeat(99));
    const engine = await keepOpen(openTestRecoverableEngine(devices.first, { startsSync: false }));
    const events: string[] = [];
    engine.subscribe(({ type }) => events.push(type));
    await expect(engine.ask('recovery.restore', { copyId: newer.name })).rejects.toMatchObject({
      code: 'database_newer',
    });
    expect(events).toContain('app');
    const { damage: found, copies } = await engine.ask('recovery.state', {});
    expect(found).toMatchObject({
      message: expect.stringContaining('newer version of Stint') as string,
      databases: [{ problem: expect.stringContaining('newer version of Stint') as string }],
    });
    expect(copies).toHaveLength(2);
    await expect(engine.ask('app.state', {})).rejects.toMatchObject({
      code: 'database_damaged',
      message: expect.stringContaining('newer version of Stint') as string,
    });
    // Nobody else may work on it meanwhile.
    await expect(openTestEngine(devices.first)).rejects.toMatchObject({ code: 'workspace_in_use' });
    await engine.ask('recovery.restore', { copyId: older.name });
    expect((await engine.ask('recovery.state', {})).damage).toBeNull();
    expect((await engine.ask('app.state', {})).seats).toHaveLength(1);
  });

  test('takes one copy at a time', async () => {
    const devices = await setUpTwoDevices();
    const { name: copyId } = await copyNow(devices.first);
    await writeFile(await getSeatFile(devices.first), 'this is no database at all'.repeat(99));
    const engine = await keepOpen(openTestRecoverableEngine(devices.first, { startsSync: false }));
    const first = engine.ask('recovery.restore', { copyId });
    await expect(engine.ask('recovery.restore', { copyId })).rejects.toMatchObject({
      code: 'unavailable',
    });
    await first;
    expect((await engine.ask('app.state', {})).seats).toHaveLength(1);
  });

  test('with a write-ahead log that was cut goes on with what was whole in it', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const path = await getSeatFile(devices.first);
    const { default: Database } = await import('better-sqlite3');
    const connection = new Database(path);
    connection.pragma('wal_autocheckpoint = 0');
    connection.exec(`update "seatState" set "lastSyncedAt" = '2026-01-01T00:00:00.000Z'`);
    connection.exec(`update "seatState" set "lastSyncedAt" = '2026-02-02T00:00:00.000Z'`);
    const log = await readFile(`${path}-wal`);
    const main = await readFile(path);
    connection.close();
    await writeFile(path, main);
    await writeFile(`${path}-wal`, log.subarray(0, log.length - 2000));
    const engine = await keepOpen(openTestRecoverableEngine(devices.first, { startsSync: false }));
    expect((await engine.ask('recovery.state', {})).damage).toBeNull();
    expect((await engine.ask('app.state', {})).seats).toHaveLength(1);
  });

  test.each([
    ['missing', (path: string) => rm(path)],
    ['empty', (path: string) => truncate(path)],
  ])('whose own list of organizations is %s does not begin an empty one', async (_name, lose) => {
    const devices = await setUpTwoDevices();
    await copyNow(devices.first);
    await lose(join(devices.first, 'workspace.db'));
    await expect(openTestEngine(devices.first)).rejects.toMatchObject({ code: 'database_damaged' });
    const engine = await keepOpen(openTestRecoverableEngine(devices.first));
    const { damage: found } = await engine.ask('recovery.state', {});
    expect(found?.databases).toMatchObject([{ name: 'workspace.db' }]);
    await engine.ask('recovery.restore', { copyId: found?.newestCopyId ?? '' });
    expect((await engine.ask('app.state', {})).seats).toHaveLength(1);
  });

  test.each([
    ['an organization that was joined', 'delete from "seats"', false],
    ['an account that was signed in', 'delete from "seats"; delete from "accounts"', true],
  ])(
    'SY-1 whose list of organizations is older than %s after it goes on with what lies in the folder',
    async (_name, makeOlder, signsIn) => {
      const devices = await setUpTwoDevices();
      await workOffline(devices.first, devices.task);
      const path = join(devices.first, 'workspace.db');
      const [seatId] = await readdir(join(devices.first, 'seats'));
      const { default: Database } = await import('better-sqlite3');
      const connection = new Database(path);
      const [account] = connection.prepare('select "email" from "accounts"').all() as {
        email: string;
      }[];
      connection.exec(makeOlder);
      connection.close();
      const { name: copyId } = await createCopy({
        workspaceFolder: devices.first,
        into: join(devices.first, 'backups'),
        reason: 'hourly',
        databases: [{ name: 'workspace.db', signature: null }],
        stintVersion,
        clock: ports.clock,
      });
      await writeFile(path, 'this is no database at all'.repeat(99));
      const engine = await keepOpen(openTestRecoverableEngine(devices.first));
      await engine.ask('recovery.restore', { copyId });
      if (signsIn) {
        expect((await engine.ask('app.state', {})).seats).toEqual([]);
        const email = account?.email ?? '';
        await engine.ask('session.signIn', { serverUrl: devices.server.url, email, password });
      }
      expect((await engine.ask('app.state', {})).seats).toMatchObject([
        { seatId, organizationName: 'Acorn', role: 'intern' },
      ]);
      expect(await engine.settle(20_000)).toMatchObject({ isSettled: true, attentionCount: 0 });
      expect(countApplied(devices)).toBe(2);
    },
  );

  test.each([
    ['missing', (path: string) => rm(path)],
    ['empty', (path: string) => truncate(path)],
  ])(
    'in which the database of an organization is %s does not begin an empty one where a copy holds it',
    async (_name, lose) => {
      const devices = await setUpTwoDevices();
      await workOffline(devices.first, devices.task);
      await copyNow(devices.first);
      const path = await getSeatFile(devices.first);
      await lose(path);
      await expect(openTestEngine(devices.first)).rejects.toMatchObject({
        code: 'database_damaged',
        message: expect.stringContaining(
          'seat.db is missing or empty, and a copy holds it',
        ) as string,
      });
      const engine = await openTestRecoverableEngine(devices.first, { startsSync: false });
      const { damage: found } = await engine.ask('recovery.state', {});
      const name = `seats/${basename(dirname(path))}/seat.db`;
      expect(found?.databases).toMatchObject([{ name, organizationName: 'Acorn' }]);
      await engine.ask('recovery.restore', { copyId: found?.newestCopyId ?? '' });
      expect((await engine.ask('sync.waiting', {})).changes).toHaveLength(2);
      await engine.close();
      // Without a copy, it may never have been made.
      await rm(dirname(path), { recursive: true });
      await rm(join(devices.first, 'backups'), { recursive: true });
      await keepOpen(openTestEngine(devices.first, { startsSync: false }));
    },
  );

  test('SY-16 gives out what is still readable, and the rest from its newest copy, for another computer', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    await copyNow(devices.first);
    const path = await getSeatFile(devices.first);
    await writeFile(path, randomBytes(50_000));
    const before = await readFile(path);
    const engine = await keepOpen(openTestRecoverableEngine(devices.first));
    const saved = await engine.ask('recovery.rescue', {});
    expect(saved).toMatchObject({ changes: 2, files: 1, missingFiles: [] });
    expect(saved.problems.join('\n')).toContain('taken from the copy of');
    const second = await keepOpen(openTestEngine(devices.second));
    const { stagedId } = await second.ask('files.importPath', { path: saved.path });
    expect(await second.ask('pack.import', { stagedId })).toMatchObject({ imported: 2 });
    await second.settle(20_000);
    expect(countApplied(devices)).toBe(2);
    expect(await readFile(path)).toEqual(before);
  });

  test('without a copy gives out the changes of its whole pages, and says what it could not read', async () => {
    const devices = await setUpTwoDevices();
    for (let count = 0; count < 60; count += 1)
      await workOffline(devices.first, devices.task, `answer ${count} ${'x'.repeat(400)}`);
    const path = await getSeatFile(devices.first);
    const pages = await findPages(path);
    const bytes = await readFile(path);
    const middle = pages[Math.floor(pages.length / 2)] ?? 0;
    bytes.fill(0, (middle - 1) * 4096, middle * 4096);
    await writeFile(path, bytes);
    const to = join(devices.root, 'saved.stintpack');
    const saved = await rescueWorkspace({
      workspaceFolder: devices.first,
      to,
      stintVersion,
      ports,
    });
    expect(saved.problems.join('\n')).toContain('not every change could be read');
    expect(saved.changes).toBeGreaterThan(60);
    expect(saved.changes).toBeLessThan(120);
    const second = await keepOpen(openTestEngine(devices.second));
    const { stagedId } = await second.ask('files.importPath', { path: to });
    expect(await second.ask('pack.import', { stagedId })).toMatchObject({
      imported: saved.changes,
    });
    await second.settle(20_000);
    expect(countApplied(devices)).toBe(saved.changes);
  });
});

/** The leaf pages of the outbox, in order. */
async function findPages(path: string): Promise<number[]> {
  const bytes = await readFile(path);
  const { default: Database } = await import('better-sqlite3');
  const connection = new Database(path, { readonly: true });
  const root = connection
    .prepare(`select rootpage from sqlite_master where name = 'outbox'`)
    .pluck()
    .get() as number;
  connection.close();
  // An interior table page (type 5): cells begin with the left child's number (sqlite.org/fileformat, section 1.6).
  const offset = (root - 1) * 4096;
  if (bytes[offset] !== 5) throw new Error('the outbox fits on one page');
  const cells = bytes.readUInt16BE(offset + 3);
  return Array.from({ length: cells }, (_value, index) =>
    bytes.readUInt32BE(offset + bytes.readUInt16BE(offset + 12 + index * 2)),
  );
}
