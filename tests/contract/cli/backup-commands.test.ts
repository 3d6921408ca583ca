import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runStint, startStintServer } from '../../support/cli/run-stint.ts';
import { stintProgram } from '../../support/stint-program.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { listRows, setUpTwoDevices, workOffline } from '../../support/workspace/two-devices.ts';

describe('stint server backup and restore', () => {
  test('SY-15 back up a server that runs, check the backup, and restore it', async () => {
    const root = await makeTemporaryFolder();
    const data = join(root, 'data');
    const to = join(root, 'backups');
    const server = await startStintServer(data);
    const organization = await TestOrganization.create(server.url);
    const made = await runStint(['server', 'backup', '--data', data, '--to', to, '--keep', '2']);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toMatch(/^backed up as \d{8}T\d{9}Z: \d+ rows, 0 contents/);
    expect(await runStint(['server', 'backup', '--data', data, '--to', data])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is the data folder itself') as string,
    });
    const checked = await runStint(['server', 'backup', '--verify', to]);
    expect(checked).toMatchObject({ status: 0, stderr: '' });
    expect(checked.stdout).toContain('whole');
    const restored = join(root, 'restored');
    const outcome = await runStint(['server', 'restore', '--from', to, '--data', restored]);
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    const again = await startStintServer(restored);
    const projects = await organization.owner
      .moveTo(again.url)
      .list(organization.orgId, 'projects');
    expect(projects).toHaveLength(1);
    expect(await runStint(['server', 'restore', '--from', to, '--data', restored])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is not empty') as string,
    });
  });

  test('name the file that is missing, with status 1', async () => {
    const root = await makeTemporaryFolder();
    const data = join(root, 'data');
    const to = join(root, 'backups');
    const server = await startStintServer(data);
    await TestOrganization.create(server.url);
    await runStint(['server', 'backup', '--data', data, '--to', to]);
    const [snapshot = ''] = await readdir(join(to, 'snapshots'));
    await rm(join(to, 'snapshots', snapshot, 'tables', 'accounts.jsonl'));
    const checked = await runStint(['server', 'backup', '--verify', to]);
    expect(checked.status).toBe(1);
    expect(checked.stdout).toContain(`missing  snapshots/${snapshot}/tables/accounts.jsonl`);
    const restored = await runStint([
      'server',
      'restore',
      '--from',
      to,
      '--data',
      join(root, 'restored'),
    ]);
    expect(restored.status).toBe(1);
    expect(restored.stderr).toContain(`missing: snapshots/${snapshot}/tables/accounts.jsonl`);
    expect(await readdir(root)).not.toContain('restored');
  });

  test('SY-15 a backup that is killed leaves nothing that looks whole, wherever it was', async () => {
    const root = await makeTemporaryFolder();
    const data = join(root, 'data');
    const to = join(root, 'backups');
    const server = await startStintServer(data);
    await TestOrganization.create(server.url);
    for (const delayMs of [150, 250, 350, 450, 600]) {
      const child = spawn(
        process.execPath,
        [stintProgram, 'server', 'backup', '--data', data, '--to', to],
        { stdio: 'ignore' },
      );
      const ended = once(child, 'exit');
      const timer = setTimeout(() => child.kill('SIGKILL'), delayMs);
      await ended;
      clearTimeout(timer);
      const names = await readdir(join(to, 'snapshots')).catch(() => []);
      if (names.some((name) => !name.startsWith('.')))
        expect(await runStint(['server', 'backup', '--verify', to])).toMatchObject({ status: 0 });
    }
    expect(await runStint(['server', 'backup', '--data', data, '--to', to])).toMatchObject({
      status: 0,
    });
    const names = await readdir(join(to, 'snapshots'));
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test.each([
    [['server', 'backup', '--data', 'x'], /server backup: expected --to DEST/],
    [
      ['server', 'backup', '--data', 'x', '--to', 'y', '--keep', '0'],
      /--keep: expected at least 1/,
    ],
    [['server', 'restore', '--from', 'x'], /server restore: expected --data NEWDIR/],
    [['workspace'], /workspace: expected backup, restore, rescue, import or check/],
    [['workspace', 'backup', '--to', 'x'], /workspace backup: expected --workspace DIR/],
    [['workspace', 'import', '--workspace', '.'], /workspace import: expected PACK/],
  ])('say what they expected for %j, with status 2', async (args, message) => {
    const { status, stderr } = await runStint(args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test('make no workspace of a folder that was mistyped', async () => {
    const folder = await makeTemporaryFolder();
    const pack = join(folder, 'unsent.stintpack');
    await writeFile(pack, 'a letter');
    const { status, stderr } = await runStint(['workspace', 'import', pack, '--workspace', folder]);
    expect(stderr).toContain('there is no workspace in');
    expect(status).toBe(1);
    expect(await readdir(folder)).toEqual(['unsent.stintpack']);
  });

  test('have help of their own', async () => {
    for (const args of [
      ['server', 'backup', '--help'],
      ['help', 'server', 'backup'],
    ]) {
      const { status, stdout } = await runStint(args);
      expect(status).toBe(0);
      expect(stdout).toContain('--keep N');
    }
  });
});

/** What lies at the end of the file is then no part of what says how the file is to be read. */
function addLastPages(path: string): void {
  const connection = new Database(path);
  connection.exec(
    `create table "filler" ("text" text); insert into "filler" values (zeroblob(20000))`,
  );
  connection.close();
}

describe('stint workspace', () => {
  test('SY-16 backs up, lists and restores a workspace, and says that one has to sign in again', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const to = join(devices.root, 'backups');
    const made = await runStint(['workspace', 'backup', '--workspace', devices.first, '--to', to]);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toMatch(/^backed up as 000001-.*: 2 databases, 1 file /);
    const listed = await runStint(['workspace', 'restore', '--from', to, '--list', '--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ reason: 'asked_for', problem: null }]);
    const restored = join(devices.root, 'restored');
    const args = ['workspace', 'restore', '--from', to, '--workspace', restored];
    const outcome = await runStint(args);
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.stdout).toContain('sign in again');
    expect(await runStint(args)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--replace') as string,
    });
    const replaced = await runStint([...args, '--replace']);
    expect(replaced.status).toBe(0);
    expect(replaced.stdout).toMatch(/what was there lies in .*replaced-/);
  });

  test('SY-16 rescues from a folder that cannot be opened, and imports elsewhere', async () => {
    const devices = await setUpTwoDevices();
    const work = await workOffline(devices.first, devices.task);
    const whole = await readFile(join(devices.first, 'workspace.db'));
    const [seat = ''] = await readdir(join(devices.first, 'seats'));
    const path = join(devices.first, 'seats', seat, 'seat.db');
    addLastPages(path);
    const bytes = await readFile(path);
    // The last page: SQLite still opens the file, and Stint does not.
    await writeFile(path, bytes.subarray(0, bytes.length - 4096));
    const pack = join(devices.root, 'saved.stintpack');
    const saved = await runStint([
      'workspace',
      'rescue',
      '--workspace',
      devices.first,
      '--to',
      pack,
    ]);
    expect(saved.stdout).toMatch(/^saved \d+ changes? and 1 file /);
    expect(await readFile(path)).toEqual(bytes.subarray(0, bytes.length - 4096));
    expect(await readFile(join(devices.first, 'workspace.db'))).toEqual(whole);
    const imported = await runStint(['workspace', 'import', pack, '--workspace', devices.second]);
    expect(imported).toMatchObject({ status: 0, stderr: '' });
    const again = await runStint(['workspace', 'import', pack, '--workspace', devices.second]);
    expect(again.stdout).toMatch(/^imported 0 changes/);
    expect(await runStint(['sync', '--data', devices.second])).toMatchObject({ status: 0 });
    expect(
      listRows(join(devices.serverFolder, 'server.db'), 'select "id" from "submissions"'),
    ).toEqual([{ id: work.submissionId }]);
  });
});
