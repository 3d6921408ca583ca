import { expect, test } from 'vitest';
import { endpoints } from '../../src/shared/protocol/endpoints.ts';
import { openPokeStream } from '../support/server/poke-stream.ts';
import { listRecords, runStatement } from '../support/server/test-database.ts';
import { TestDevice } from '../support/server/test-device.ts';
import {
  computeInstant,
  computeSha256,
  createId,
  createInvitationCode,
} from '../support/server/test-ids.ts';
import { TestOrganization } from '../support/server/test-organization.ts';
import { startTestServer } from '../support/server/test-server.ts';

/** Two servers on one database and one folder. */
async function startPair() {
  const one = await startTestServer();
  const { dataFolder, databaseUrl } = one;
  if (databaseUrl === undefined) throw new Error('this server does not run on PostgreSQL');
  const two = await startTestServer({ dataFolder, databaseUrl });
  return { one, two };
}

const remove = (device: TestDevice, orgId: string, membershipId: string) =>
  device.pushOne(orgId, 'member.remove', { membershipId, reason: null });

test('SY-10 of two owners who end the access of each other at the same moment through two processes, one remains', async () => {
  const { one, two } = await startPair();
  const organization = await TestOrganization.create(one.url);
  const { orgId, owner, ownerMembershipId } = organization;
  const code = createInvitationCode();
  await owner.apply(orgId, [
    'member.inviteManager',
    {
      invitationId: createId(),
      codeHash: computeSha256(code),
      invitedName: 'Max',
      expiresAt: computeInstant(86_400_000),
    },
  ]);
  const other = new TestDevice(two.url);
  await other.register('Max');
  const { membership } = await other.request<{ membership: { membershipId: string } }>(
    'POST',
    endpoints.acceptInvitation,
    { code, membershipId: createId() },
  );
  await runStatement(
    one,
    `update "memberships" set "role" = 'owner' where "id" = '${membership.membershipId}'`,
  );
  const results = await Promise.all([
    remove(owner, orgId, membership.membershipId),
    remove(other, orgId, ownerMembershipId),
  ]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['applied', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')?.code).toBe('forbidden');
  const owners = await listRecords(
    one,
    `select "id" from "memberships" where "orgId" = ? and "role" = 'owner' and "status" = 'active'`,
    orgId,
  );
  expect(owners).toHaveLength(1);
});

test('SY-10 who lost access through one process and listens again at the other hears no poke of that organization any more', async () => {
  const { one, two } = await startPair();
  const organization = await TestOrganization.create(one.url);
  const { orgId, owner } = organization;
  const { device, membershipId } = await organization.addIntern();
  const elsewhere = device.moveTo(two.url);
  const stream = await openPokeStream(elsewhere);
  await remove(owner, orgId, membershipId);
  await stream.ended;
  await expect(elsewhere.pull(orgId)).rejects.toMatchObject({ code: 'forbidden' });
  const own = await elsewhere.createOrganization('Own');
  const again = await openPokeStream(elsewhere);
  await owner.apply(orgId, [
    'member.updateProfile',
    { displayName: 'O', timeZone: 'Europe/Berlin' },
  ]);
  await elsewhere.apply(own.orgId, [
    'member.updateProfile',
    { displayName: 'Ida', timeZone: 'Europe/Berlin' },
  ]);
  await expect
    .poll(() => again.pokes.some(({ orgId: id, seq }) => id === own.orgId && seq === 2))
    .toBe(true);
  expect(again.pokes.filter(({ orgId: id }) => id === orgId)).toEqual([]);
});
