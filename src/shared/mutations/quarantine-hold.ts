import { z } from 'zod';
import { deskScope } from '../domain/scopes.ts';
import { wireMutationSchema } from '../protocol/push.ts';
import { idSchema } from '../domain/fields.ts';
import { defineMutation } from './mutation.ts';

/**
 * Run by the server for work that came from a person whose access had ended (SY-10): it is kept as it came,
 * for the employer to accept or decline.
 */
export const holdInQuarantine = defineMutation({
  name: 'quarantine.hold',
  version: 1,
  schema: z.object({ mutation: wireMutationSchema, deviceId: idSchema }),
  by: 'server',
  label: 'Work sent after access had ended waits',
  async apply(store, { mutation, deviceId }, context) {
    await store.insert('quarantinedChanges', {
      orgId: store.orgId,
      id: mutation.id,
      scope: deskScope,
      name: mutation.name,
      version: mutation.version,
      mutationJson: JSON.stringify(mutation),
      membershipId: context.actor.membershipId,
      accountId: context.actor.accountId,
      deviceId,
      claimedAt: mutation.claimedAt,
      receivedAt: context.at,
      reason: 'access_ended',
      state: 'waiting',
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
      problem: null,
    });
  },
});
