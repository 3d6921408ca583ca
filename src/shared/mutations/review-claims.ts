import { z } from 'zod';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { deadlineSchema, idSchema } from '../domain/fields.ts';
import { deskScope } from '../domain/scopes.ts';
import { computeEpochMs, computeIsoInstant } from '../ports.ts';
import { defineMutation, employerRoles, type MutationContext } from './mutation.ts';

/** So long a review counts as under way after its reviewer was last seen at it. */
export const claimMs = 15 * 60_000;

/** By whichever clock is earlier: a device's clock that is ahead, or a change that comes late, holds nobody up. */
function computeExpiry(context: MutationContext): string {
  const from = context.claimedAt < context.at ? context.claimedAt : context.at;
  return computeIsoInstant(computeEpochMs(from) + claimMs);
}

/**
 * Tells the other managers that somebody is at this submission. It binds nobody: what counts is the first decision.
 * While somebody else's is fresh it changes nothing, unless the person says so; one that arrives after it would have
 * expired (sent offline) says nothing any more.
 */
export const claimReview = defineMutation({
  name: 'review.claim',
  version: 1,
  schema: z.object({ submissionId: idSchema, takesOver: z.boolean() }),
  by: employerRoles,
  label: 'Begin a review',
  async apply(store, { submissionId, takesOver }, context) {
    const submission = await getRow(store, 'submissions', submissionId);
    const expiresAt = computeExpiry(context);
    if (expiresAt <= context.at) return;
    const heldBy = context.actor.membershipId;
    const claim = await store.find('reviewClaims', submission.id);
    if (claim === undefined) {
      await store.insert('reviewClaims', {
        orgId: store.orgId,
        id: submission.id,
        scope: deskScope,
        submissionId: submission.id,
        heldBy,
        heldSince: context.at,
        expiresAt,
      });
      return;
    }
    const isFresh = claim.expiresAt > context.at;
    if (isFresh && claim.heldBy !== heldBy && !takesOver) return;
    const goesOn = isFresh && claim.heldBy === heldBy;
    await store.patch('reviewClaims', claim.id, {
      heldBy,
      expiresAt,
      ...(goesOn ? {} : { heldSince: context.at }),
    });
  },
});

/** Ends the actor's own claim, if it is still theirs. */
export async function releaseClaim(
  store: MutationStore,
  submissionId: string,
  context: MutationContext,
): Promise<void> {
  const claim = await store.find('reviewClaims', submissionId);
  if (claim?.heldBy === context.actor.membershipId && claim.expiresAt > context.at)
    await store.patch('reviewClaims', claim.id, { expiresAt: context.at });
}

export const releaseReview = defineMutation({
  name: 'review.release',
  version: 1,
  schema: z.object({ submissionId: idSchema }),
  by: employerRoles,
  label: 'Leave a review',
  apply: async (store, { submissionId }, context) => releaseClaim(store, submissionId, context),
});

/**
 * By when the intern will have an answer, as a wall time and zone. Of two, the later one in the server's order holds.
 * On what was decided meanwhile there is nothing left to promise.
 */
export const promiseReview = defineMutation({
  name: 'review.promise',
  version: 1,
  schema: z.object({ submissionId: idSchema, answerBy: deadlineSchema }),
  by: employerRoles,
  label: 'Promise an answer',
  async apply(store, { submissionId, answerBy }, context) {
    const submission = await getRow(store, 'submissions', submissionId);
    const decided = await store.db
      .selectFrom('reviews')
      .select('id')
      .where('orgId', '=', store.orgId)
      .where('submissionId', '=', submission.id)
      .limit(1)
      .execute();
    if (decided.length > 0) return;
    await store.patch('submissions', submission.id, {
      promisedWall: answerBy.wall,
      promisedZone: answerBy.zone,
      promisedBy: context.actor.membershipId,
      promisedAt: context.at,
    });
  },
});
