import type { MutationStore } from '../database/mutation-store.ts';

/** For an organization that nobody is left in: whoever came in by such a link would be alone in it. */
export async function withdrawOpenInvitations(store: MutationStore, at: string): Promise<void> {
  const open = await store.db
    .selectFrom('invitations')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('acceptedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .orderBy('id')
    .execute();
  for (const { id } of open) await store.patch('invitations', id, { withdrawnAt: at });
}
