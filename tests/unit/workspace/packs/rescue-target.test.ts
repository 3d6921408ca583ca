import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { backUpWorkspace } from '../../../../src/main/workspace/backup/back-up-workspace.ts';
import { rescueWorkspace } from '../../../../src/main/workspace/packs/rescue-workspace.ts';
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

  test('a backup does not go into the workspace itself', async () => {
    const { workspaceFolder } = await setUp();
    const before = await readdir(workspaceFolder);
    await expect(
      backUpWorkspace({ ...given, workspaceFolder, to: join(workspaceFolder, '.') }),
    ).rejects.toMatchObject({ code: 'refused' });
    expect(await readdir(workspaceFolder)).toEqual(before);
  });
});
