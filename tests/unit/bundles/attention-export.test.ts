import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { exportAttention } from '../../../src/main/workspace/bundles/attention-export.ts';
import {
  createEngagementFixture,
  engagementId,
  fixedId,
} from '../../support/bundles/engagement-fixture.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const run = promisify(execFile);

test('SY-7 what was refused can be taken along: arguments, reason and the files that it names', async () => {
  const folder = await makeTemporaryFolder();
  const fixture = await createEngagementFixture(folder);
  onTestFinished(() => fixture.close());
  const { workspace, seat } = fixture;
  await expect(exportAttention(workspace, seat)).rejects.toMatchObject({ code: 'not_found' });

  const stored = await workspace.files.importStream(Readable.from(['the guide']));
  const file = (name: string, sha256: string) => ({
    attachmentId: fixedId(501),
    name,
    sha256,
    sizeBytes: 9,
    mediaType: 'text/plain',
  });
  const mutationId = await seat.mutate(
    'task.assign',
    {
      taskId: fixedId(502),
      engagementId,
      title: 'Second task',
      briefVersionId: fixedId(503),
      instructions: 'Do it',
      criteria: [],
      deadlineId: fixedId(504),
      deadline: { wall: '2026-03-25T17:00', zone: 'Europe/Berlin' },
      estimateMinutes: null,
      references: [
        file('Über uns.txt', stored.sha256),
        { ...file('gone.txt', 'a'.repeat(64)), attachmentId: fixedId(505) },
      ],
    },
    { subject: 'Second task' },
  );
  await seat.db
    .updateTable('outboxStates')
    .set({ state: 'rejected', code: 'refused', message: 'this engagement is completed' })
    .where('mutationId', '=', mutationId)
    .execute();

  const written = await exportAttention(workspace, seat);
  await run('unzip', ['-q', written.path, '-d', join(folder, 'out')]);
  const base = join(folder, 'out', written.fileName.replace(/\.zip$/, ''));
  const { changes } = JSON.parse(await readFile(join(base, 'changes.json'), 'utf8'));
  expect(changes).toMatchObject([
    {
      id: mutationId,
      change: 'task.assign@1',
      label: 'Assign a task',
      subject: 'Second task',
      state: 'rejected',
      meaning: 'refused by the server',
      reasonCode: 'refused',
      reason: 'this engagement is completed',
      arguments: { title: 'Second task', instructions: 'Do it' },
      files: [
        { name: 'Über uns.txt', path: 'files/Über uns.txt' },
        { name: 'gone.txt', path: null },
      ],
    },
  ]);
  expect(await readFile(join(base, 'files/Über uns.txt'), 'utf8')).toBe('the guide');
  expect(await readFile(join(base, 'changes.md'), 'utf8')).toContain(
    'Reason: this engagement is completed',
  );
});
