import { afterEach, beforeEach, expect, test } from 'vitest';
import { eraseFromHistory } from '../../../../src/main/workspace/history/erase-from-history.ts';
import { erasedBundleName } from '../../../../src/shared/domain/erasure.ts';
import { computeSha256, createId } from '../../../support/server/test-ids.ts';
import {
  addOrganization,
  openTestWorkspace,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

const at = '2026-03-02T09:00:00.000Z';
let workspace: TestWorkspace;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: at });
});
afterEach(async () => workspace.close());

test('a bundle of an erased person is told of without the name of its file, and that of another with it', async () => {
  const { owner, intern } = await addOrganization(workspace);
  const { orgId, membershipId } = owner.record;
  await owner.db
    .updateTable('memberships')
    .set({ erasedAt: at })
    .where('id', '=', intern.record.membershipId)
    .execute();
  const names = [erasedBundleName, 'research-otto-2026-03-01.zip'];
  for (const [index, fileName] of names.entries()) {
    const id = createId();
    const bundle = { engagementIdsJson: '[]', fileName, sizeBytes: 1, contentsJson: '{}' };
    const sha256 = computeSha256(id);
    const times = { claimedAt: at, createdAt: at };
    await owner.db
      .insertInto('bundleExports')
      .values({ orgId, id, scope: 'desk', ...bundle, sha256, exportedBy: membershipId, ...times })
      .execute();
    await owner.db
      .insertInto('historyEntries')
      .values({
        seq: index + 1,
        mutationId: createId(),
        name: 'bundle.record',
        version: 1,
        argsJson: JSON.stringify({ exportId: id, fileName: 'as it was' }),
        argsHash: sha256,
        actorMembershipId: membershipId,
        deviceId: createId(),
        deviceName: 'The desk',
        claimedAt: at,
        receivedAt: at,
        hash: sha256,
      })
      .execute();
  }
  await owner.db.transaction().execute(async (tx) => eraseFromHistory(tx, orgId));
  const entries = await owner.db.selectFrom('historyEntries').selectAll().orderBy('seq').execute();
  expect(entries).toMatchObject([
    { argsJson: null, deviceName: 'The desk' },
    { argsJson: expect.stringContaining('as it was') as string },
  ]);
});
