import { expect, test } from 'vitest';
import { addManager } from '../../support/server/add-manager.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { createId } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const closed = { status: 403, code: 'signup_closed' };

test('where sign-up is by invitation, who was invited somewhere sets up no organization', async () => {
  const { url } = await startTestServer({ signup: 'invitation' });
  const organization = await TestOrganization.create(url);
  const { device: intern } = await organization.addIntern();
  const manager = await addManager(organization, 'Max');
  const { code } = await organization.invite();
  const waiting = new TestDevice(url);
  await waiting.register('Tom', { invitationCode: code });
  for (const device of [intern, manager.device, waiting])
    await expect(device.createOrganization('Mine')).rejects.toMatchObject(closed);
});

test('where sign-up is by invitation, owners set up more, also those that an owner made one, until their access ends', async () => {
  const { url } = await startTestServer({ signup: 'invitation' });
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const ids = { orgId: createId(), membershipId: createId() };
  await owner.createOrganization('Second', ids);
  // The answer may have been lost.
  await owner.createOrganization('Second', ids);
  const { device, membershipId } = await addManager(organization, 'Max');
  await owner.apply(orgId, ['member.setRole', { membershipId, role: 'owner' }]);
  await device.createOrganization('Third');
  const { device: other, membershipId: otherId } = await addManager(organization, 'Max');
  await owner.apply(orgId, ['member.setRole', { membershipId: otherId, role: 'owner' }]);
  await owner.apply(orgId, ['member.remove', { membershipId: otherId, reason: null }]);
  await expect(other.createOrganization('Fourth')).rejects.toMatchObject(closed);
});

test('where sign-up is open, anybody sets up an organization, and goes on as its owner when that ends', async () => {
  const server = await startTestServer();
  await TestOrganization.create(server.url);
  const employer = new TestDevice(server.url);
  await employer.register('Ida');
  const ids = { orgId: createId(), membershipId: createId() };
  await employer.createOrganization('Theirs', ids);
  const { url } = await server.restart({ signup: 'invitation' });
  await employer.moveTo(url).createOrganization('Theirs', ids);
  await expect(employer.moveTo(url).createOrganization('Another')).resolves.toBeDefined();
});
