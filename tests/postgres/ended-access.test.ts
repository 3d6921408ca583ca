import { expect, test } from 'vitest';
import { endpoints } from '../../src/shared/protocol/endpoints.ts';
import { openPokeStream } from '../support/server/poke-stream.ts';
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

test('SY-10 SY-23 access that is ended through one process closes the streams at the other', async () => {
  const { one, two } = await startPair();
  const organization = await TestOrganization.create(one.url);
  const { orgId, owner } = organization;
  const { device, membershipId } = await organization.addIntern();
  const stream = await openPokeStream(device.moveTo(two.url));
  await expect.poll(() => stream.pokes.length).toBeGreaterThan(0);
  await owner.apply(orgId, ['member.remove', { membershipId, reason: null }]);
  await stream.ended;
  await expect(device.moveTo(two.url).pull(orgId)).rejects.toMatchObject({ code: 'forbidden' });
});

test('SY-23 a device that is signed out through one process loses its streams at the other', async () => {
  const { one, two } = await startPair();
  const { owner } = await TestOrganization.create(one.url);
  const stream = await openPokeStream(owner.moveTo(two.url));
  await expect.poll(() => stream.pokes.length).toBeGreaterThan(0);
  await owner.request('DELETE', endpoints.device(owner.deviceId));
  await stream.ended;
  await expect(owner.moveTo(two.url).request('GET', endpoints.account)).rejects.toMatchObject({
    status: 401,
    code: 'not_signed_in',
  });
});
