import type { z } from 'zod';
import { getRow } from '../database/mutation-store.ts';
import { defineMutation, employerRoles } from './mutation.ts';
import {
  completeEngagementV1,
  withdrawEngagementV1,
  withdrawInvitationV1,
} from './project-mutations.ts';

/*
 * As before, and the engagement says why it is over. Who comes second, or again, finds it over and changes nothing, the
 * reason included.
 */

export const completeEngagement = defineMutation({
  name: 'engagement.complete',
  version: 2,
  schema: completeEngagementV1.schema as z.ZodType<z.output<typeof completeEngagementV1.schema>>,
  by: employerRoles,
  label: 'Complete an engagement',
  async apply(store, args, context) {
    const { status } = await getRow(store, 'engagements', args.engagementId);
    await completeEngagementV1.apply(store, args, context);
    if (status === 'active')
      await store.patch('engagements', args.engagementId, { endReason: 'completed' });
  },
});

export const withdrawEngagement = defineMutation({
  name: 'engagement.withdraw',
  version: 2,
  schema: withdrawEngagementV1.schema as z.ZodType<z.output<typeof withdrawEngagementV1.schema>>,
  by: employerRoles,
  label: 'End an engagement early',
  async apply(store, args, context) {
    const { status } = await getRow(store, 'engagements', args.engagementId);
    await withdrawEngagementV1.apply(store, args, context);
    if (status === 'active' || status === 'invited')
      await store.patch('engagements', args.engagementId, {
        endReason: status === 'active' ? 'ended_early' : 'invitation_withdrawn',
      });
  },
});

export const withdrawInvitation = defineMutation({
  name: 'invitation.withdraw',
  version: 2,
  schema: withdrawInvitationV1.schema as z.ZodType<z.output<typeof withdrawInvitationV1.schema>>,
  by: employerRoles,
  label: 'Withdraw an invitation',
  async apply(store, args, context) {
    const { engagementId } = await getRow(store, 'invitations', args.invitationId);
    const before = engagementId === null ? null : await getRow(store, 'engagements', engagementId);
    await withdrawInvitationV1.apply(store, args, context);
    if (before?.status === 'invited')
      await store.patch('engagements', before.id, { endReason: 'invitation_withdrawn' });
  },
});
