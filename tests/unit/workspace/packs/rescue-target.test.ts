import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { backUpWorkspace } from '../../../../src/main/workspace/backup/back-up-workspace.ts';
import { lockDatabaseFile } from '../../../../src/main/workspace/database/lock-database-file.ts';
import { rescueWorkspace } from '../../../../src/main/workspace/packs/rescue-workspace.ts';
import { makeWorkFolder } from '../../../../src/main/workspace/packs/work-folder.ts';
import { createSystemPorts } from '../../../../src/main/workspace/ports/system-ports.ts';
import { makeTemporaryFolder } from '../../../support/sync/test-installation.ts';
import { openTestEngine } from '../../../support/workspace/test-engine.ts';

const given = { stintVersion: '0.0.0', ports: createSystemPorts() };

async function setUp() {
  const { path: root, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  const workspaceFolder = join(root, 'workspace');
  const engine = await openTestEngine(workspaceFolder, { startsSync: false });
  await engine.close();
  return {
    root,
    workspaceFolder,
    rescue: (to: string) => rescueWorkspace({ ...given, workspaceFolder, to }),
  };
}

/** As it is after its process was killed. */
async function leaveWorkFolder(folder: string): Promise<string> {
  const path = join(folder, `.rescue-${randomUUID()}`);
  await mkdir(path);
  lockDatabaseFile(join(path, 'in-use'))?.();
  await writeFile(join(path, '1'), 'half of a copy');
  return path;
}

describe('what is written to a path that was asked for', () => {
  test('a pack whose folder is not there is refused, and the folder is not made', async () => {
    const { root, rescue } = await setUp();
    await expect(rescue(join(root, 'nodir', 'x.stintpack'))).rejects.toMatchObject({
      code: 'not_found',
      message: `there is no folder ${join(root, 'nodir')}; make it first`,
    });
    await writeFile(join(root, 'note.txt'), 'mine');
    await expect(rescue(join(root, 'note.txt', 'x.stintpack'))).rejects.toThrow(/no folder/);
    expect(await readdir(root)).toEqual(['note.txt', 'workspace']);
  });

  test('a pack is not written over a file or a folder, and nothing is left beside it', async () => {
    const { root, rescue } = await setUp();
    await writeFile(join(root, 'note.txt'), 'mine');
    await mkdir(join(root, 'folder'));
    for (const name of ['note.txt', 'folder'])
      await expect(rescue(join(root, name))).rejects.toMatchObject({ code: 'refused' });
    await expect(rescue(join(root, 'x.stintpack'))).rejects.toMatchObject({ code: 'not_found' });
    expect((await readdir(root)).toSorted()).toEqual(['folder', 'note.txt', 'workspace']);
    expect(await readFile(join(root, 'note.txt'), 'utf8')).toBe('mine');
  });

  test('what a rescue left that was killed goes with the next one, and nothing that is in use or a person made', async () => {
    const { root, rescue } = await setUp();
    const killed = await leaveWorkFolder(root);
    const running = await makeWorkFolder(root, given.ports);
    onTestFinished(() => running.remove());
    const older = join(root, `.rescue-${randomUUID()}`);
    const beginning = join(root, `.rescue-${randomUUID()}`);
    for (const folder of [older, beginning, join(root, '.rescue-plan')]) await mkdir(folder);
    await utimes(older, new Date(0), new Date(0));

    await expect(rescue(join(root, 'x.stintpack'))).rejects.toMatchObject({ code: 'not_found' });

    const left = await readdir(root);
    expect(left).not.toContain(basename(killed));
    expect(left.toSorted()).toEqual(
      [basename(running.path), basename(beginning), '.rescue-plan', 'workspace'].toSorted(),
    );
  });

  test('what was left in the exports folder goes when the workspace is opened, and packs stay', async () => {
    const { workspaceFolder } = await setUp();
    const exports = join(workspaceFolder, 'exports');
    await leaveWorkFolder(exports);
    const pack = 'unsent-work-2026-11-23.stintpack';
    for (const name of [pack, `${pack}.changes`, `${pack}.part`, 'mine.part'])
      await writeFile(join(exports, name), 'x');
    await (await openTestEngine(workspaceFolder, { startsSync: false })).close();
    expect((await readdir(exports)).toSorted()).toEqual(['mine.part', pack]);
  });

  test('a backup does not go into the workspace itself', async () => {
    const { workspaceFolder } = await setUp();
    const before = await readdir(workspaceFolder);
    await expect(
      backUpWorkspace({ ...given, workspaceFolder, to: join(workspaceFolder, '.') }),
    ).rejects.toMatchObject({ code: 'refused' });
    expect(await readdir(workspaceFolder)).toEqual(before);
  });
});
