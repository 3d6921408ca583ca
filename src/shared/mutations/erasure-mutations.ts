import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { computeErasedEmail, erasedBundleName, erasedName } from '../domain/erasure.ts';
import { idSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { erasedContentJson } from './evaluation-mutations.ts';
import { withdrawInvitation } from './engagement-end-mutations.ts';
import { defineMutation } from './mutation.ts';

/**
 * Erases a person's data on their request, once their access has ended (GDPR, article 17): name, e-mail, time zone, where
 * an invitation or a bundle's file named them, and the drafts that nobody else could read. What an agreement was kept by stays, under no
 * name: submissions, receipts, reviews, hours, pay (article 17 (3) (b) and (e)). docs/privacy.md lists both. The server
 * takes the same out of its log (`personalMutations`).
 */
export const erasePerson = defineMutation({
  name: 'member.erase',
  version: 1,
  schema: z.object({ membershipId: idSchema }),
  by: ['owner'],
  label: 'Erase a person’s data',
  async apply(store, { membershipId }, context) {
    const membership = await getRow(store, 'memberships', membershipId);
    if (membership.erasedAt !== null) return;
    if (membership.status !== 'removed')
      throw new StintError(
        'refused',
        `${membership.displayName} still has access; end it first, then their data can be erased`,
        { field: 'membershipId' },
      );
    await store.patch('memberships', membershipId, {
      displayName: erasedName,
      email: computeErasedEmail(membershipId),
      timeZone: 'UTC',
      erasedAt: context.at,
    });
    await eraseInvited(store, membership);
    await eraseBundleNames(store, await listEngagementIds(store, membershipId));
    // A device that is not the person's own holds none of their drafts.
    if (context.authority === 'server') {
      await eraseDrafts(store, membershipId, context.at);
      await eraseSealedEvaluations(store, membershipId);
    }
  },
});

/**
 * The same for somebody who was invited and never came, and so has no membership: name and address go from the invitation
 * and from the engagement that was prepared. One that is still open is withdrawn by it.
 */
export const eraseInvitation = defineMutation({
  name: 'invitation.erase',
  version: 1,
  schema: z.object({ invitationId: idSchema }),
  by: ['owner'],
  label: 'Erase an invited person’s data',
  async apply(store, args, context) {
    const { engagementId, acceptedAt, invitedName } = await getRow(
      store,
      'invitations',
      args.invitationId,
    );
    if (acceptedAt !== null)
      throw new StintError(
        'refused',
        'this invitation was accepted; its name goes when the data of whoever accepted it are erased',
        { field: 'invitationId' },
      );
    await withdrawInvitation.apply(store, args, context);
    if (invitedName !== erasedName)
      await store.patch('invitations', args.invitationId, { invitedName: erasedName });
    if (engagementId === null) return;
    const engagement = await getRow(store, 'engagements', engagementId);
    if (engagement.invitedName !== erasedName || engagement.invitedEmail !== null)
      await store.patch('engagements', engagementId, {
        invitedName: erasedName,
        invitedEmail: null,
      });
    await eraseBundleNames(store, [engagementId]);
  },
});

/**
 * Engagements and invitations repeat the name and address under which a person was invited: those that they accepted, and
 * those to the same address that nobody did.
 */
async function eraseInvited(
  store: MutationStore,
  { id: membershipId, email }: Pick<DomainRow<'memberships'>, 'id' | 'email'>,
): Promise<void> {
  const engagements = await store.db
    .selectFrom('engagements')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where((row) =>
      row.or([
        row('membershipId', '=', membershipId),
        row.and([row('membershipId', 'is', null), row('invitedEmail', '=', email)]),
      ]),
    )
    .orderBy('id')
    .execute();
  const engagementIds = new Set(engagements.map(({ id }) => id));
  for (const id of engagementIds)
    await store.patch('engagements', id, { invitedName: erasedName, invitedEmail: null });
  const invitations = await store.db
    .selectFrom('invitations')
    .select(['id', 'engagementId', 'acceptedBy'])
    .where('orgId', '=', store.orgId)
    .orderBy('id')
    .execute();
  for (const { id, engagementId, acceptedBy } of invitations)
    if (acceptedBy === membershipId || (engagementId !== null && engagementIds.has(engagementId)))
      await store.patch('invitations', id, { invitedName: erasedName });
}

async function listEngagementIds(store: MutationStore, membershipId: string): Promise<string[]> {
  const engagements = await store.db
    .selectFrom('engagements')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('membershipId', '=', membershipId)
    .execute();
  return engagements.map(({ id }) => id);
}

/** The file of a bundle of one engagement is called by its intern; of several, by the project or the organization. */
async function eraseBundleNames(
  store: MutationStore,
  engagementIds: readonly string[],
): Promise<void> {
  if (engagementIds.length === 0) return;
  const records = await store.db
    .selectFrom('bundleExports')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where(
      'engagementIdsJson',
      'in',
      engagementIds.map((id) => JSON.stringify([id])),
    )
    .orderBy('id')
    .execute();
  for (const { id } of records)
    await store.patch('bundleExports', id, { fileName: erasedBundleName });
}

async function eraseDrafts(store: MutationStore, membershipId: string, at: string): Promise<void> {
  const scope = `private:${membershipId}`;
  const drafts = await store.db
    .selectFrom('drafts')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('scope', '=', scope)
    .orderBy('id')
    .execute();
  for (const { id } of drafts)
    await store.patch('drafts', id, { note: '', tickedJson: '[]', updatedAt: at });
  const versions = await store.db
    .selectFrom('draftVersions')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('scope', '=', scope)
    .where('kind', '=', 'note')
    .orderBy('id')
    .execute();
  for (const { id } of versions) await store.patch('draftVersions', id, { note: '' });
  // Those that were removed or replaced before, too: an earlier version names them as well.
  const attachments = await store.db
    .selectFrom('attachments')
    .select(['id', 'removedAt'])
    .where('orgId', '=', store.orgId)
    .where('scope', '=', scope)
    .orderBy('id')
    .execute();
  for (const { id, removedAt } of attachments)
    await store.patch('attachments', id, { name: 'erased', removedAt: removedAt ?? at });
}

/** What was never opened to anybody; what the other side has read is its own, too, and stays. */
async function eraseSealedEvaluations(store: MutationStore, membershipId: string): Promise<void> {
  const sealed = await store.db
    .selectFrom('evaluations')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('scope', '=', `private:${membershipId}`)
    .orderBy('id')
    .execute();
  for (const { id } of sealed)
    await store.patch('evaluations', id, { contentJson: erasedContentJson });
}
