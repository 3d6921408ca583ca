import type { Kysely } from 'kysely';
import { StintError } from '../../shared/errors.ts';
import { createOrganization } from '../../shared/mutations/organization-mutations.ts';
import type {
  CreateOrganizationRequest,
  MembershipSummary,
} from '../../shared/protocol/accounts.ts';
import type { ServerTables } from '../database/server-tables.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { findMembership } from '../sync/membership-lookup.ts';
import type { OrganizationWriter } from '../sync/organization-writer.ts';
import type { ReceiptSigner } from '../sync/receipt-signer.ts';
import { runServerMutation } from '../sync/run-server-mutation.ts';
import { assertAccountOpen } from './account-closed.ts';
import { getMembershipSummary } from './invitations.ts';

/**
 * Makes an organization with this account as its owner; repeating it with the same ids is harmless.
 * @throws StintError `conflict` when the id is another organization's; `signup_closed` where sign-up is by invitation and
 * nobody has let this account set one up.
 */
export async function createOrganizationFor(
  dependencies: {
    readonly ports: ServerPorts;
    readonly writer: OrganizationWriter;
    readonly signer: ReceiptSigner;
    readonly signup: 'open' | 'invitation';
  },
  account: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly timeZone: string;
  },
  request: CreateOrganizationRequest,
): Promise<MembershipSummary> {
  const { ports, writer, signer, signup } = dependencies;
  return await writer.create(request.orgId, async (session) => {
    await assertAccountOpen(session.trx, account.id);
    if (session.head.seq === 0) {
      if (signup === 'invitation') await assertFounder(session.trx, account.id);
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

/** Who is invited somewhere is let in there alone. An owner was made one by the host or by another owner. */
async function assertFounder(trx: Kysely<ServerTables>, accountId: string): Promise<void> {
  const owners = trx
    .selectFrom('memberships')
    .select('orgId')
    .where('role', '=', 'owner')
    .where('status', '=', 'active')
    .limit(1);
  const owned = await owners.where('accountId', '=', accountId).executeTakeFirst();
  if (owned !== undefined) return;
  // Where there is no owner at all, somebody must be the first, or nobody could ever be invited.
  if ((await owners.executeTakeFirst()) !== undefined)
    throw new StintError(
      'signup_closed',
      'on this server, only who owns an organization already can set up another; ask its host',
    );
}
