import { expect, test } from 'vitest';
import { erasedBundleName, erasedName } from '../../../src/shared/domain/erasure.ts';
import { ChainCheck } from '../../../src/shared/domain/log-chain.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { HistoryPage } from '../../../src/shared/protocol/history.ts';
import { addManager } from '../../support/server/add-manager.ts';
import { listRecords } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import {
  computeInstant,
  computeSha256,
  createId,
  createInvitationCode,
} from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer, type TestServer } from '../../support/server/test-server.ts';

const invitedName = 'Zenobia Quist';
const invitedEmail = 'zenobia@example.org';

const recordBundle = (engagementId: string, fileName: string) => ({
  exportId: createId(),
  engagementIds: [engagementId],
  fileName,
  sizeBytes: 1,
  sha256: computeSha256(fileName),
  contents: { revisions: 'all', hours: true, evaluations: true, namesRedacted: false },
});

/** Every word that the server keeps of an organization's people. */
async function readAll(server: TestServer): Promise<string> {
  const tables = [
    'memberships',
    'engagements',
    'invitations',
    'bundleExports',
    'mutationLog',
    'mutationResults',
  ];
  const all = await Promise.all(
    tables.map((table) => listRecords(server, `select * from "${table}"`)),
  );
  return JSON.stringify(all);
}

async function expectWholeLog({ owner, orgId }: TestOrganization): Promise<void> {
  const page = await owner.request<HistoryPage>('GET', endpoints.history(orgId));
  const chain = new ChainCheck(computeSha256);
  expect(page.entries.map((entry) => chain.follow(entry))).toEqual(
    page.entries.map(() => undefined),
  );
}

test('whoever was invited and never came is erased: from invitation, engagement, bundles and log, and the link works no more', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  const open = await organization.invite({ invitedName, invitedEmail });
  const asManager = createId();
  await owner.apply(orgId, [
    'member.inviteManager',
    {
      invitationId: asManager,
      codeHash: computeSha256(createInvitationCode()),
      invitedName,
      expiresAt: computeInstant(86_400_000),
    },
  ]);
  await owner.apply(orgId, ['invitation.withdraw', { invitationId: asManager }]);
  const other = await organization.invite({ invitedName: 'Tom', invitedEmail: null });
  await owner.apply(orgId, ['bundle.record', recordBundle(open.engagementId, 'zenobia-quist.zip')]);
  expect(await readAll(server)).toMatch(/zenobia/iu);

  const manager = await addManager(organization, 'Max');
  expect(
    await manager.device.pushOne(orgId, 'invitation.erase', { invitationId: open.invitationId }),
  ).toMatchObject({ code: 'forbidden' });
  for (const invitationId of [open.invitationId, asManager, open.invitationId])
    await owner.apply(orgId, ['invitation.erase', { invitationId }]);

  expect(await readAll(server)).not.toMatch(/zenobia/iu);
  expect(await owner.list(orgId, 'invitations')).toContainEqual(
    expect.objectContaining({ id: other.invitationId, invitedName: 'Tom', withdrawnAt: null }),
  );
  expect(await owner.list(orgId, 'engagements')).toContainEqual(
    expect.objectContaining({
      id: open.engagementId,
      invitedName: erasedName,
      invitedEmail: null,
      status: 'withdrawn',
      endReason: 'invitation_withdrawn',
    }),
  );
  const stranger = new TestDevice(server.url);
  await stranger.register('Zenobia');
  await expect(
    stranger.request('POST', endpoints.acceptInvitation, {
      code: open.code,
      membershipId: createId(),
    }),
  ).rejects.toMatchObject({ code: 'invitation_withdrawn' });
  await expectWholeLog(organization);
});

test('an invitation that was accepted is erased with whoever accepted it, and not by itself', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  await organization.addIntern('Zenobia Quist');
  const [invitation] = await owner.list(orgId, 'invitations');
  const refused = await owner.pushOne(orgId, 'invitation.erase', {
    invitationId: invitation?.['id'],
  });
  expect(refused).toMatchObject({ status: 'rejected', code: 'refused' });
  expect(await owner.list(orgId, 'invitations')).toEqual([invitation]);
});

test('what reaches the server after an erasure brings no name back: the record of a bundle, and the reason of a second end of access', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  const { engagementId, membershipId } = await organization.addIntern('Zenobia Quist');
  const tom = await organization.addIntern('Tom');
  await owner.apply(orgId, ['member.remove', { membershipId, reason: null }]);
  await owner.apply(orgId, ['member.erase', { membershipId }]);
  await owner.apply(orgId, ['bundle.record', recordBundle(engagementId, 'zenobia-quist.zip')]);
  await owner.apply(orgId, ['member.remove', { membershipId, reason: 'Zenobia moves away' }]);
  await owner.apply(orgId, ['bundle.record', recordBundle(tom.engagementId, 'tom.zip')]);

  expect(await owner.list(orgId, 'bundleExports')).toEqual([
    expect.objectContaining({ fileName: erasedBundleName }),
    expect.objectContaining({ fileName: 'tom.zip' }),
  ]);
  const log = JSON.stringify(await listRecords(server, 'select * from "mutationLog"'));
  expect(log).not.toMatch(/zenobia/iu);
  expect(log).toContain('tom.zip');
  await expectWholeLog(organization);
});
