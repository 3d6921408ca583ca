import { expect, test } from 'vitest';
import type { VaultContent } from '../../../../src/main/workspace/vault/vault-content.ts';
import { parseVaultContent } from '../../../../src/main/workspace/vault/vault-items.ts';
import { settle, uuid, waitFor } from '../../../support/sync/test-installation.ts';
import { setUpPair } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

test('SY-10 what stayed in the vault since something newer was there is still in it when the task leaves again', async () => {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const { employer, intern, employment, task } = pair;
  const { taskId } = task;
  const older: VaultContent = {
    format: 'stint-vault-item',
    version: 1,
    organization: 'Acorn',
    project: 'Market research',
    task: 'Survey prices',
    instructions: '',
    criteria: [],
    note: 'From before',
    noteOnServer: '',
    files: [],
    unsent: [],
  };
  const put = async (vaultId: string, content: VaultContent) =>
    await intern.db
      .insertInto('vaultItems')
      .values({
        vaultId,
        taskId,
        taskTitle: 'Survey prices',
        projectTitle: 'Market research',
        contentJson: JSON.stringify(content),
        movedAt: '2026-05-04T10:00:00.000Z',
        exportedAt: null,
      })
      .execute();
  await intern.mutate('draft.writeNote', { taskId, note: 'Newer' }, { subject: 'Survey prices' });
  await settle(scene.laptop);
  await put(taskId, older);
  // Says nothing else than what is left now.
  await put(uuid(), { ...older, note: 'Newer' });
  const { engagementId } = employment;
  await employer.mutate('engagement.withdraw', { engagementId }, { subject: 'Ines' });
  await settle(scene.desk);
  await waitFor('the end of the engagement', async () => {
    const tasks = await intern.db.selectFrom('tasks').select('id').execute();
    return tasks.length === 0;
  });
  const notes = (await intern.db.selectFrom('vaultItems').selectAll().execute()).map(
    (row) => parseVaultContent(row).note,
  );
  expect(notes.toSorted()).toEqual(['From before', 'Newer']);
});
