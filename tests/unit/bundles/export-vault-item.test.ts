import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { exportVaultItem } from '../../../src/main/workspace/vault/export-vault-item.ts';
import { loadVaultDetail } from '../../../src/main/workspace/vault/vault-items.ts';
import type { VaultContent } from '../../../src/main/workspace/vault/vault-content.ts';
import { createEngagementFixture, fixedId } from '../../support/bundles/engagement-fixture.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const run = promisify(execFile);

test('SY-10 what is kept of a task can be read, and taken along with its files under their own names', async () => {
  const folder = await makeTemporaryFolder();
  const fixture = await createEngagementFixture(folder);
  onTestFinished(() => fixture.close());
  const { workspace, seat } = fixture;
  const stored = await workspace.files.importStream(Readable.from(['what I found']));
  const file = (index: number, name: string, sha256: string) => ({
    attachmentId: fixedId(index),
    name,
    sha256,
    sizeBytes: 12,
    mediaType: 'text/plain',
  });
  const vaultId = fixedId(600);
  const content: VaultContent = {
    format: 'stint-vault-item',
    version: 1,
    organization: 'Acorn',
    project: 'Market research',
    task: 'Call six shops',
    instructions: 'Ask what they charge.',
    criteria: [{ id: fixedId(601), text: 'Six shops', isTicked: true }],
    note: 'Five answered.',
    noteOnServer: '',
    files: [
      file(602, 'Über uns.txt', stored.sha256),
      file(603, 'über uns.txt', stored.sha256),
      file(604, 'gone.txt', 'a'.repeat(64)),
    ],
    unsent: [
      {
        mutationId: fixedId(605),
        name: 'time.add',
        version: 1,
        claimedAt: '2026-03-20T10:00:00.000Z',
        args: { note: 'on the train' },
      },
    ],
  };
  await seat.db
    .insertInto('vaultItems')
    .values({
      vaultId,
      taskId: vaultId,
      taskTitle: content.task,
      projectTitle: content.project,
      contentJson: JSON.stringify(content),
      movedAt: '2026-03-21T10:00:00.000Z',
      exportedAt: null,
    })
    .execute();

  const detail = await loadVaultDetail(workspace, seat, vaultId);
  expect(detail.item).toMatchObject({
    taskTitle: 'Call six shops',
    fileCount: 3,
    unsentCount: 1,
    exportedAt: null,
  });
  expect(detail.files.map(({ isHere }) => isHere)).toEqual([true, true, false]);
  expect(detail.unsent).toMatchObject([{ label: 'Record time' }]);

  const written = await exportVaultItem(workspace, seat, vaultId);
  await run('unzip', ['-q', written.path, '-d', join(folder, 'out')]);
  const base = join(folder, 'out', written.fileName.replace(/\.zip$/, ''));
  const names = await readdir(join(base, 'files'));
  expect(names.sort()).toEqual(['Über uns.txt', 'über uns (2).txt'].sort());
  expect(await readFile(join(base, 'files', 'Über uns.txt'), 'utf8')).toBe('what I found');
  expect(JSON.parse(await readFile(join(base, 'item.json'), 'utf8'))).toEqual(content);
  const readable = await readFile(join(base, 'README.md'), 'utf8');
  for (const part of ['# Call six shops', 'Five answered.', '- [x] Six shops', 'on the train'])
    expect(readable).toContain(part);
  expect(readable).toContain('gone.txt (not on this computer)');
  expect((await loadVaultDetail(workspace, seat, vaultId)).item.exportedAt).not.toBeNull();
});
