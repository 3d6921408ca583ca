import { expect, test } from 'vitest';
import { computeAgreementHash } from '../../../src/shared/domain/agreement.ts';
import type { InvitationDetails } from '../../../src/shared/protocol/accounts.ts';
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

const rubric = [{ id: '0191e6a8-0000-7000-8000-000000000001', text: 'Sources', points: 10 }];
const terms = {
  ...testProjectTerms,
  latePolicy: 'Tell me before.',
  rubric,
  rounding: { minutes: 15, mode: 'up', per: 'day' },
};

async function createScene() {
  const { url } = await startTestServer();
  const { orgId, owner, ownerMembershipId } = await TestOrganization.create(url);
  const projectId = createId();
  const push = async (name: string, version: number, args: unknown) => {
    const { results } = await owner.push(orgId, [owner.createMutation(name, args, { version })]);
    expect(results).toMatchObject([{ status: 'applied' }]);
  };
  await push('project.create', 2, { projectId, terms });
  const code = createInvitationCode();
  const engagementId = createId();
  await push('engagement.invite', 2, {
    invitationId: createId(),
    engagementId,
    codeHash: computeSha256(code),
    invitedName: 'Ida',
    invitedEmail: null,
    expiresAt: computeInstant(86_400_000),
    projectId,
  });
  const intern = new TestDevice(url);
  await intern.register('Ida');
  const accept = async (agreementHash: string | null) =>
    intern.request('POST', endpoints.acceptInvitation, {
      code,
      membershipId: createId(),
      agreementHash,
    });
  const inspect = async () =>
    intern.request<InvitationDetails>('POST', endpoints.inspectInvitation, { code });
  return {
    orgId,
    owner,
    ownerMembershipId,
    projectId,
    engagementId,
    intern,
    push,
    accept,
    inspect,
  };
}

test('what is offered is written down when somebody is invited, and stays so whatever becomes of the project', async () => {
  const { projectId, push, inspect } = await createScene();
  await push('project.edit', 2, {
    projectId,
    patch: { brief: 'Something else.', roundsIncluded: 0, rubric: [] },
    seen: {},
  });
  const { agreement, project } = await inspect();
  expect(agreement).toEqual({ format: 'stint-agreement-1', ...terms });
  // What is read before confirming is what is confirmed.
  expect(project?.brief).toBe(terms.brief);
});

test('the intern confirms the very terms that they read: both sides hold their hash', async () => {
  const { orgId, owner, ownerMembershipId, engagementId, intern, accept, inspect } =
    await createScene();
  const { agreement } = await inspect();
  if (agreement === null) throw new Error('nothing was offered');
  const hash = computeAgreementHash(agreement, computeSha256);
  await accept(hash);
  for (const device of [owner, intern]) {
    const engagement = (await device.list(orgId, 'engagements')).find(
      ({ id }) => id === engagementId,
    );
    expect(engagement).toMatchObject({
      status: 'active',
      confirmedHash: hash,
      offeredBy: ownerMembershipId,
    });
    expect(
      computeAgreementHash(JSON.parse(String(engagement?.['agreementJson'])), computeSha256),
    ).toBe(hash);
  }
});

test('other terms than those offered cannot be confirmed, and nobody has joined then', async () => {
  const { orgId, owner, engagementId, accept } = await createScene();
  await expect(accept(computeSha256('other terms'))).rejects.toMatchObject({
    status: 409,
    code: 'conflict',
  });
  const engagements = await owner.list(orgId, 'engagements');
  expect(engagements.find(({ id }) => id === engagementId)).toMatchObject({ status: 'invited' });
  // A workspace of an older version shows fewer terms and confirms none by their hash.
  await accept(null);
  const later = await owner.list(orgId, 'engagements');
  expect(later.find(({ id }) => id === engagementId)).toMatchObject({
    status: 'active',
    confirmedHash: null,
  });
});
