import { expect, test } from 'vitest';
import type {
  InvitationDetails,
  MembershipResponse,
} from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import {
  computeInstant,
  computeSha256,
  createId,
  createInvitationCode,
} from '../../support/server/test-ids.ts';
import { testProjectTerms, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const inspect = (device: TestDevice, code: string) =>
  device.request<InvitationDetails>('POST', endpoints.inspectInvitation, { code });

const accept = async (device: TestDevice, code: string, membershipId = createId()) =>
  (
    await device.request<MembershipResponse>('POST', endpoints.acceptInvitation, {
      code,
      membershipId,
    })
  ).membership;

async function createPerson(url: string, name = 'Ida') {
  const device = new TestDevice(url);
  await device.register(name);
  return device;
}

test('an invitation tells who invites and to what, before one is signed in', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { code } = await organization.invite();
  expect(await inspect(new TestDevice(url), code)).toMatchObject({
    organizationName: 'Talkorn',
    role: 'intern',
    invitedName: 'Ida',
    invitedBy: 'Owner of Talkorn',
    project: {
      title: testProjectTerms.title,
      brief: testProjectTerms.brief,
      hourBudgetMinutes: 600,
      pay: testProjectTerms.pay,
      timeZone: 'Europe/Berlin',
    },
  });
});

test('accepting makes the person a member and their engagement active', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { code, engagementId } = await organization.invite();
  const person = await createPerson(url);
  const membershipId = createId();
  expect(await accept(person, code, membershipId)).toEqual({
    orgId: organization.orgId,
    membershipId,
    role: 'intern',
    organizationName: 'Talkorn',
  });
  expect(await organization.owner.list(organization.orgId, 'engagements')).toMatchObject([
    { id: engagementId, membershipId, status: 'active' },
  ]);
});

test('accepting twice answers the same membership; for anyone else the invitation is used up', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { code } = await organization.invite();
  const person = await createPerson(url);
  const made = await accept(person, code);
  const { head } = await person.pull(organization.orgId);
  expect(await accept(person, code)).toEqual(made);
  expect((await person.pull(organization.orgId)).head).toEqual(head);

  const other = await createPerson(url, 'Tom');
  await expect(accept(other, code)).rejects.toMatchObject({ status: 410, code: 'invitation_used' });
  await expect(inspect(other, code)).rejects.toMatchObject({ code: 'invitation_used' });
});

test('of two people who accept at the same moment one becomes a member', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { code } = await organization.invite();
  const people = await Promise.all(['Ida', 'Tom'].map((name) => createPerson(url, name)));
  const outcomes = await Promise.allSettled(people.map((person) => accept(person, code)));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('unknown, expired and withdrawn invitations each say what they are', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const person = await createPerson(url);
  const unknown = createInvitationCode();
  const expired = (await organization.invite({ expiresAt: computeInstant(-1000) })).code;
  const { code: withdrawn, invitationId } = await organization.invite();
  await organization.owner.apply(organization.orgId, ['invitation.withdraw', { invitationId }]);
  for (const [code, expected] of [
    [unknown, { status: 404, code: 'invitation_unknown' }],
    [expired, { status: 410, code: 'invitation_expired' }],
    [withdrawn, { status: 410, code: 'invitation_withdrawn' }],
  ] as const) {
    const failures = [
      await inspect(person, code).catch((error: unknown) => error),
      await accept(person, code).catch((error: unknown) => error),
    ];
    for (const failure of failures) {
      expect(failure).toMatchObject(expected);
      expect((failure as Error).message).not.toContain(code);
    }
  }
  await expect(inspect(person, 'no code')).rejects.toMatchObject({
    status: 400,
    code: 'invalid_input',
    field: 'code',
  });
});

test('an invitation to another project adds an engagement to the membership there is', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { device, membershipId } = await organization.addIntern();
  const projectId = createId();
  await organization.owner.apply(organization.orgId, [
    'project.create',
    { projectId, terms: testProjectTerms },
  ]);
  const { code, engagementId } = await organization.invite({ projectId });
  expect(await accept(device, code)).toMatchObject({ membershipId });
  const engagements = await device.list(organization.orgId, 'engagements');
  expect(engagements.map(({ id }) => id)).toContain(engagementId);
  expect(await organization.owner.list(organization.orgId, 'memberships')).toHaveLength(2);
});

test('a manager joins by invitation, and an employer cannot accept as an intern', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const code = createInvitationCode();
  await owner.apply(orgId, [
    'member.inviteManager',
    {
      invitationId: createId(),
      codeHash: computeSha256(code),
      invitedName: 'Max',
      expiresAt: computeInstant(60_000),
    },
  ]);
  const manager = await createPerson(url, 'Max');
  expect(await accept(manager, code)).toMatchObject({ role: 'manager' });
  expect((await manager.pull(orgId)).scopes.map(({ scope }) => scope)).toContain('*');

  const { code: internCode } = await organization.invite();
  await expect(accept(owner, internCode)).rejects.toMatchObject({ status: 409, code: 'conflict' });
});

test("nobody can take another person's membership by naming its id", async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { membershipId } = await organization.addIntern();
  const { code } = await organization.invite();
  const attacker = await createPerson(url, 'Mallory');
  await expect(accept(attacker, code, membershipId)).rejects.toMatchObject({
    status: 409,
    code: 'conflict',
    field: 'membershipId',
  });
  await accept(attacker, code);
});

test('a hash copied into another organization does not take an invitation over', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const other = await TestOrganization.create(url, 'Other');
  const { code } = await organization.invite();
  await other.owner.apply(other.orgId, [
    'engagement.invite',
    {
      invitationId: createId(),
      engagementId: createId(),
      codeHash: computeSha256(code),
      invitedName: 'Ida',
      invitedEmail: null,
      expiresAt: computeInstant(60_000),
      projectId: other.projectId,
    },
  ]);
  expect(await inspect(new TestDevice(url), code)).toMatchObject({ organizationName: 'Talkorn' });
});

test('an engagement that the employer ended does not come back by its invitation', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { code, engagementId } = await organization.invite();
  await owner.apply(orgId, ['engagement.withdraw', { engagementId }]);
  const person = await createPerson(url);
  await expect(accept(person, code)).rejects.toMatchObject({ code: 'invitation_withdrawn' });
  const [engagement] = await owner.list(orgId, 'engagements');
  expect(engagement).toMatchObject({ status: 'withdrawn', membershipId: null });
  expect(await owner.list(orgId, 'memberships')).toHaveLength(1);
});

test('an invitation to an engagement that has ended is refused before anybody makes an account for it', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { code, engagementId } = await organization.invite();
  const other = await organization.invite();
  await owner.apply(orgId, ['engagement.withdraw', { engagementId }]);
  await expect(inspect(new TestDevice(url), code)).rejects.toMatchObject({
    code: 'invitation_withdrawn',
  });
  expect(await inspect(new TestDevice(url), other.code)).toMatchObject({ role: 'intern' });
  // One that was used says so, whatever became of its engagement.
  await accept(await createPerson(url), other.code);
  await owner.apply(orgId, ['engagement.withdraw', { engagementId: other.engagementId }]);
  await expect(inspect(new TestDevice(url), other.code)).rejects.toMatchObject({
    code: 'invitation_used',
  });
});

test('who is invited to one project twice joins it once, and again when the first engagement has ended', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const [first, second] = [await organization.invite(), await organization.invite()];
  const person = await createPerson(url);
  await accept(person, first.code);
  await expect(accept(person, second.code)).rejects.toMatchObject({
    status: 409,
    code: 'conflict',
    message:
      'you are on the project “Market research” already, and this invitation is to the same one; ask the organization which of the two is to hold',
  });
  const listStates = async () =>
    new Map((await owner.list(orgId, 'engagements')).map(({ id, status }) => [id, status]));
  expect(await listStates()).toEqual(
    new Map([
      [first.engagementId, 'active'],
      [second.engagementId, 'invited'],
    ]),
  );
  // Another project is another matter.
  const projectId = createId();
  await owner.apply(orgId, ['project.create', { projectId, terms: testProjectTerms }]);
  const other = await organization.invite({ projectId });
  await accept(person, other.code);
  await owner.apply(orgId, ['engagement.withdraw', { engagementId: first.engagementId }]);
  await accept(person, second.code);
  expect(await listStates()).toEqual(
    new Map([
      [first.engagementId, 'withdrawn'],
      [second.engagementId, 'active'],
      [other.engagementId, 'active'],
    ]),
  );
});
