import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AutomaticCopies } from '../../../../src/main/workspace/backup/automatic-copies.ts';
import {
  listCopies,
  listDamagedFiles,
} from '../../../../src/main/workspace/backup/copy-folders.ts';
import { removeSurplus } from '../../../../src/main/workspace/backup/kept-copies.ts';
import { createCopy } from '../../../../src/main/workspace/backup/create-copy.ts';
import { seatMigrations } from '../../../../src/main/workspace/database/migration-lists.ts';
import { makeTemporaryFolder } from '../../../support/bundles/temporary-folder.ts';
import { openTestEngine } from '../../../support/workspace/test-engine.ts';
import { addOrganization, openTestWorkspace } from '../../../support/workspace/test-workspace.ts';
import { setUpTwoDevices, workOffline } from '../../../support/workspace/two-devices.ts';

const hourMs = 3_600_000;

async function openCopied() {
  const test = await openTestWorkspace();
  onTestFinished(() => test.close());
  const organization = await addOrganization(test);
  const { workspace, machine } = test;
  const problems: (string | null)[] = [];
  const copies: AutomaticCopies = new AutomaticCopies({
    workspaceFolder: workspace.folder,
    stintVersion: '0.0.0',
    ports: workspace.ports,
    onProblem: () => problems.push(copies.problem),
    onDamaged: () => problems.push('damaged'),
  });
  const look = () => copies.copyIfChanged(workspace.opened, workspace.seats);
  return { test, organization, workspace, machine, copies, problems, look };
}

const backups = (folder: string): string => join(folder, 'backups');

describe('the hourly copy', () => {
  test('holds every database, whole and in one file each, and no token', async () => {
    const { workspace, organization, look } = await openCopied();
    await workspace.secrets.put('token-x', 'a-secret-token');
    await organization.intern.db
      .insertInto('invitationCodes')
      .values({ invitationId: 'marker', code: 'marker' })
      .execute();
    await look();
    const [copy] = await listCopies(backups(workspace.folder));
    expect(copy?.problem).toBeUndefined();
    const names = copy?.manifest?.databases.map(({ name }) => name);
    expect(names).toEqual([
      'workspace.db',
      `seats/${organization.owner.record.seatId}/seat.db`,
      `seats/${organization.intern.record.seatId}/seat.db`,
    ]);
    for (const name of names ?? []) {
      const bytes = gunzipSync(await readFile(join(copy?.path ?? '', `${name}.gz`)));
      expect(bytes.includes('a-secret-token')).toBe(false);
      const file = join(workspace.folder, 'unpacked.db');
      await writeFile(file, bytes);
      const database = new Database(file, { readonly: true });
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      database.close();
    }
  });

  test('is made once an hour, and only when something changed', async () => {
    const { workspace, organization, machine, look, test: opened } = await openCopied();
    const count = async () => (await listCopies(backups(workspace.folder))).length;
    await look();
    await look();
    expect(await count()).toBe(1);
    await opened.run(hourMs);
    await organization.owner.db
      .updateTable('seatState')
      .set({ lastSyncedAt: machine.now })
      .execute();
    await look();
    expect(await count()).toBe(1);
    await organization.owner.mutate(
      'project.close',
      { projectId: organization.projectId },
      { subject: 'Project' },
    );
    await look();
    expect(await count()).toBe(2);
    const [second, first] = await listCopies(backups(workspace.folder));
    const inode = async (path: string | undefined, name: string) =>
      (await stat(join(path ?? '', `${name}.gz`))).ino;
    const unchanged = `seats/${organization.intern.record.seatId}/seat.db`;
    expect(await inode(first?.path, unchanged)).toBe(await inode(second?.path, unchanged));
  });

  test('is made anew of what lies damaged in the one before, also where nothing changed since', async () => {
    const { workspace, organization, look, test: opened } = await openCopied();
    const [ownerFile, internFile] = [organization.owner, organization.intern].map(
      ({ record }) => `seats/${record.seatId}/seat.db.gz`,
    );
    const listWhole = async () =>
      await Promise.all(
        (await listCopies(backups(workspace.folder))).map(
          async ({ manifest, ...copy }) =>
            manifest !== undefined && (await listDamagedFiles(copy, manifest)).length === 0,
        ),
      );
    const damage = async (name: string | undefined) => {
      const [newest] = await listCopies(backups(workspace.folder));
      const path = join(newest?.path ?? '', name ?? '');
      const bytes = await readFile(path);
      await writeFile(path, bytes.fill(0x5a, 100, 200));
    };
    await look();
    await damage(internFile);
    await opened.run(hourMs);
    await organization.owner.mutate(
      'project.close',
      { projectId: organization.projectId },
      { subject: 'Project' },
    );
    await look();
    expect(await listWhole()).toEqual([true, false]);
    await damage(ownerFile);
    await opened.run(hourMs);
    await look();
    expect(await listWhole()).toEqual([true, false, false]);
  });

  test('that is damaged does not take the place of an older one of its day', async () => {
    const { workspace } = await openCopied();
    const copyAt = async (createdAt: string, signature: string | null = null) =>
      await createCopy({
        workspaceFolder: workspace.folder,
        into: backups(workspace.folder),
        reason: 'hourly',
        databases: [{ name: 'workspace.db', signature }],
        stintVersion: '0.0.0',
        clock: { ...workspace.ports.clock, nowMs: () => Date.parse(createdAt) },
      });
    const whole = await copyAt('2026-02-01T10:00:00.000Z');
    const damaged = await copyAt('2026-02-01T11:00:00.000Z');
    // As long as it was: only who reads it finds out.
    const file = join(damaged.path, 'workspace.db.gz');
    await writeFile(file, (await readFile(file)).fill(0x5a, 100, 200));
    for (let hour = 0; hour < 24; hour += 1)
      await copyAt(`2026-02-02T${String(hour).padStart(2, '0')}:00:00.000Z`, 'as before');
    await removeSurplus(backups(workspace.folder), Date.parse('2026-02-03T00:00:00.000Z'));
    const left = (await listCopies(backups(workspace.folder))).map(({ name }) => name);
    expect(left).toContain(whole.name);
    expect(left).toContain(damaged.name);
  });

  test('that cannot be made is told quietly, and made when it can be again', async () => {
    const { workspace, look, problems, copies } = await openCopied();
    await writeFile(backups(workspace.folder), 'in the way');
    await look();
    expect(copies.problem).toContain('Your work is saved');
    const { rm } = await import('node:fs/promises');
    await rm(backups(workspace.folder));
    await look();
    expect(copies.problem).toBeNull();
    expect(problems).toHaveLength(2);
    expect(await readdir(workspace.folder)).toContain('backups');
  });

  test('finds a database that was damaged since, and makes no copy of it', async () => {
    const { workspace, organization, look, problems } = await openCopied();
    const path = join(workspace.folder, 'seats', organization.intern.record.seatId, 'seat.db');
    organization.intern.opened.connection.pragma('wal_checkpoint(truncate)');
    const bytes = await readFile(path);
    bytes.fill(0xff, 4096 * 2, 4096 * 2 + 512);
    await writeFile(path, bytes);
    await look();
    expect(problems).toContain('damaged');
    expect(await listCopies(backups(workspace.folder))).toEqual([]);
    expect(await readdir(backups(workspace.folder))).toEqual([]);
  });

  test('SY-2 what a killed copy left behind is no copy, and goes with the next', async () => {
    const { workspace, look } = await openCopied();
    const left = join(backups(workspace.folder), '.incoming-000001-20260101T000000000Z');
    await mkdir(left, { recursive: true });
    await writeFile(join(left, 'copy.json'), '{}');
    expect(await listCopies(backups(workspace.folder))).toEqual([]);
    await look();
    expect(await readdir(backups(workspace.folder))).toHaveLength(1);
  });

  test('leaves the thread that answers people alone: 100,000 rows are copied by another', async () => {
    const folder = await makeTemporaryFolder();
    const database = new Database(join(folder, 'workspace.db'));
    database.pragma('journal_mode = WAL');
    database.exec('create table "rows" ("id" integer primary key, "text" text)');
    database.exec(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000)
       insert into "rows" select i, hex(randomblob(150)) from n`,
    );
    const copying = createCopy({
      workspaceFolder: folder,
      into: backups(folder),
      reason: 'hourly',
      databases: [{ name: 'workspace.db', signature: null }],
      stintVersion: '0.0.0',
      clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now(), bootId: 'test' },
    });
    let turns = 0;
    let isDone = false;
    void copying.then(() => (isDone = true));
    while (!isDone) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      turns += 1;
    }
    database.close();
    const [copy] = await listCopies(backups(folder));
    if (copy?.manifest === undefined) throw new Error('no copy was made');
    expect(await listDamagedFiles(copy, copy.manifest)).toEqual([]);
    // How long is a matter of the machine; that others had their turns meanwhile is not.
    expect(turns).toBeGreaterThan(20);
  });
});

describe('SY-20 the copy before a migration', () => {
  test('SY-20 is made of a database at its first version, and holds what it was', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const [seat] = await readdir(join(devices.first, 'seats'));
    const path = join(devices.first, 'seats', seat ?? '', 'seat.db');
    const before = await makeFirstVersion(path);
    const engine = await openTestEngine(devices.first, { startsSync: false });
    await engine.close();
    const copies = await listCopies(backups(devices.first));
    expect(copies).toHaveLength(1);
    expect(copies[0]?.manifest).toMatchObject({
      reason: 'before_migration',
      databases: [{ name: `seats/${seat}/seat.db` }],
    });
    const unpacked = join(devices.root, 'copied.db');
    const file = join(copies[0]?.path ?? '', 'seats', seat ?? '', 'seat.db.gz');
    await writeFile(unpacked, gunzipSync(await readFile(file)));
    const database = new Database(unpacked, { readonly: true });
    expect(database.prepare('select name from kysely_migration').pluck().all()).toEqual([
      'seat-0001-initial',
    ]);
    expect(database.prepare('select * from "projects"').all()).toEqual(before);
    database.close();
    const again = await openTestEngine(devices.first, { startsSync: false });
    await again.close();
    expect(await listCopies(backups(devices.first))).toHaveLength(1);
  });

  test('SY-20 a database is not migrated while no copy can be made of it', async () => {
    const devices = await setUpTwoDevices();
    const [seat] = await readdir(join(devices.first, 'seats'));
    const path = join(devices.first, 'seats', seat ?? '', 'seat.db');
    await makeFirstVersion(path);
    await writeFile(backups(devices.first), 'in the way');
    await expect(openTestEngine(devices.first, { startsSync: false })).rejects.toThrow('backups');
    const database = new Database(path, { readonly: true });
    expect(database.prepare('select name from kysely_migration').pluck().all()).toEqual([
      'seat-0001-initial',
    ]);
    database.close();
  });
});

/** A seat's database as the first version of Stint made it, with a project in it. */
async function makeFirstVersion(path: string): Promise<unknown[]> {
  const { rm } = await import('node:fs/promises');
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true });
  const connection = new Database(path);
  const db = new Kysely<never>({ dialect: new SqliteDialect({ database: connection }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...seatMigrations }) },
  });
  const { error } = await migrator.migrateTo('seat-0001-initial');
  expect(error).toBeUndefined();
  const columns = connection.pragma('table_info("projects")') as { name: string }[];
  connection
    .prepare(
      `insert into "projects" (${columns.map(({ name }) => `"${name}"`).join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    )
    .run(
      ...columns.map(({ name }) => (/Minutes|graceM|rounds|Minor/.test(name) ? 7 : `a ${name}`)),
    );
  const rows = connection.prepare('select * from "projects"').all();
  await db.destroy();
  return rows;
}
