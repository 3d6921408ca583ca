import { computeIsoInstant } from '../../../shared/ports.ts';
import { computeInvitationLink } from '../../../shared/protocol/endpoints.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { MutateOptions, Seat } from '../seats/seat.ts';

interface NewInvitation {
  readonly invitationId: string;
  readonly codeHash: string;
  readonly invitedName: string;
  readonly expiresAt: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * A new invitation and its link. The code goes to this computer's database in the invitation's own
 * transaction, and nowhere else: the organization knows its hash.
 */
export function createInvitation(
  workspace: Workspace,
  seat: Seat,
  wanted: { readonly name: string; readonly validDays: number },
): { invitation: NewInvitation; link: string; options: MutateOptions } {
  const { randomness, clock, sha256Hex } = workspace.ports;
  const code = Buffer.from(randomness.bytes(32)).toString('base64url');
  const invitationId = randomness.uuid();
  return {
    invitation: {
      invitationId,
      codeHash: sha256Hex(code),
      invitedName: wanted.name,
      expiresAt: computeIsoInstant(clock.nowMs() + wanted.validDays * dayMs),
    },
    link: computeInvitationLink(seat.record.serverUrl, code),
    options: {
      subject: wanted.name,
      within: async (tx) => {
        await tx.insertInto('invitationCodes').values({ invitationId, code }).execute();
      },
    },
  };
}
