import { StintError } from '../../shared/errors.ts';
import { createOrganization } from '../../shared/mutations/organization-mutations.ts';
import type {
  CreateOrganizationRequest,
  MembershipSummary,
} from '../../shared/protocol/accounts.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { findMembership } from '../sync/membership-lookup.ts';
import type { OrganizationWriter } from '../sync/organization-writer.ts';
import type { ReceiptSigner } from '../sync/receipt-signer.ts';
import { runServerMutation } from '../sync/run-server-mutation.ts';
import { assertAccountOpen } from './account-closed.ts';
import { getMembershipSummary } from './invitations.ts';

/**
 * Makes an organization with this account as its owner; repeating it with the same ids is harmless.
 * @throws StintError `conflict` when the id is another organization's.
 */
export async function createOrganizationFor(
  dependencies: {
    readonly ports: ServerPorts;
    readonly writer: OrganizationWriter;
    readonly signer: ReceiptSigner;
  },
  account: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly timeZone: string;
  },
  request: CreateOrganizationRequest,
): Promise<MembershipSummary> {
  const { ports, writer, signer } = dependencies;
  return await writer.create(request.orgId, async (session) => {
    await assertAccountOpen(session.trx, account.id);
    if (session.head.seq === 0) {
      await runServerMutation(
        session,
        ports,
        createOrganization,
        {
          name: request.name,
          timeZone: request.timeZone,
          receiptKeyId: signer.keyId,
          receiptPublicKey: signer.publicKey,
          owner: { displayName: account.name, email: account.email, timeZone: account.timeZone },
        },
        { accountId: account.id, membershipId: request.membershipId, role: 'owner' },
      );
    } else {
      const own = await findMembership(session.trx, request.orgId, account.id);
      if (own?.id !== request.membershipId || own.role !== 'owner')
        throw new StintError('conflict', 'this organization id is in use already', {
          field: 'orgId',
        });
    }
    return await getMembershipSummary(session.trx, request.orgId, account.id);
  });
}
