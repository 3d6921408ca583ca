import { z } from 'zod';
import { computeCanonicalJson } from '../canonical-json.ts';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow } from '../database/mutation-store.ts';
import { type Agreement, computeAgreementHash, parseAgreement } from '../domain/agreement.ts';
import { sha256Schema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles } from './mutation.ts';
import { acceptInvitation } from './organization-mutations.ts';
import { inviteIntern } from './project-mutations.ts';
import { computeProjectTerms } from './project-terms-mutations.ts';

/** What the project offers now. */
function computeAgreement(project: DomainRow<'projects'>): Agreement {
  return { format: 'stint-agreement-1', ...computeProjectTerms(project) };
}

/** As before, and everything that is offered is written down: by inviting, the employer has confirmed it. */
export const inviteInternWithAgreement = defineMutation({
  name: 'engagement.invite',
  version: 2,
  schema: inviteIntern.schema as z.ZodType<InviteArguments>,
  by: employerRoles,
  label: 'Invite an intern',
  async apply(store, args, context) {
    await inviteIntern.apply(store, args, context);
    const project = await getRow(store, 'projects', args.projectId);
    await store.patch('engagements', args.engagementId, {
      agreementJson: computeCanonicalJson(computeAgreement(project)),
      offeredBy: context.actor.membershipId,
    });
  },
});
type InviteArguments = z.output<typeof inviteIntern.schema>;
type AcceptArguments = z.output<typeof acceptInvitation.schema>;

/** As before, and with the hash of the terms that the person had in front of them. */
export const acceptAgreement = defineMutation({
  name: 'invitation.accept',
  version: 2,
  schema: z.intersection(
    acceptInvitation.schema as z.ZodType<AcceptArguments>,
    z.object({ agreementHash: sha256Schema.nullable() }),
  ),
  by: 'server',
  label: 'Accept the invitation',
  async apply(store, { agreementHash, ...args }, context) {
    const invitation = await getRow(store, 'invitations', args.invitationId);
    const engagement =
      invitation.engagementId === null
        ? undefined
        : await getRow(store, 'engagements', invitation.engagementId);
    const offered = parseAgreement(engagement?.agreementJson ?? null);
    if (
      agreementHash !== null &&
      (offered === null || computeAgreementHash(offered, context.sha256Hex) !== agreementHash)
    )
      throw new StintError(
        'conflict',
        'these are not the terms that are offered; open the invitation again and read them anew',
        { field: 'agreementHash' },
      );
    await acceptInvitation.apply(store, args, context);
    if (engagement !== undefined && agreementHash !== null)
      await store.patch('engagements', engagement.id, { confirmedHash: agreementHash });
  },
});
