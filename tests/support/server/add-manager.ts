import type { MembershipResponse } from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { TestDevice } from './test-device.ts';
import { computeInstant, computeSha256, createId, createInvitationCode } from './test-ids.ts';
import type { TestOrganization } from './test-organization.ts';

/** A new person with an account who accepted an invitation as a manager. */
export async function addManager(
  { owner, orgId }: TestOrganization,
  name: string,
): Promise<{ device: TestDevice; membershipId: string }> {
  const code = createInvitationCode();
  await owner.apply(orgId, [
    'member.inviteManager',
    {
      invitationId: createId(),
      codeHash: computeSha256(code),
      invitedName: name,
      expiresAt: computeInstant(86_400_000),
    },
  ]);
  const device = new TestDevice(owner.baseUrl);
  await device.register(name, { invitationCode: code });
  const { membership } = await device.request<MembershipResponse>(
    'POST',
    endpoints.acceptInvitation,
    { code, membershipId: createId() },
  );
  return { device, membershipId: membership.membershipId };
}
