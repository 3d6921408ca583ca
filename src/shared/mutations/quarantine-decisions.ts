import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { idSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles } from './mutation.ts';
import { assertSameWords } from './same-decision.ts';

/** Of two who decide, the first in the server's order counts; the same decision again changes nothing. */
async function findUndecided(
  store: MutationStore,
  id: string,
  wanted: 'accepted' | 'declined',
): Promise<DomainRow<'quarantinedChanges'> | undefined> {
  const row = await getRow(store, 'quarantinedChanges', id);
  if (row.state === wanted) return undefined;
  if (row.state !== 'waiting')
    throw new StintError('refused', `this work was ${row.state} already; that decision stands`);
  return row;
}

/**
 * SY-10: takes quarantined work over. The server applies the change itself right after, as the person and
 * with the times that it came with; where the rules refuse it, it waits on, with the reason.
 */
export const acceptQuarantined = defineMutation({
  name: 'quarantine.accept',
  version: 1,
  schema: z.object({ id: idSchema }),
  by: employerRoles,
  label: 'Accept work sent after access ended',
  async apply(store, { id }, context) {
    if ((await findUndecided(store, id, 'accepted')) === undefined) return;
    await store.patch('quarantinedChanges', id, {
      state: 'accepted',
      decidedBy: context.actor.membershipId,
      decidedAt: context.at,
      problem: null,
    });
  },
});

/** SY-10: leaves quarantined work out, with a reason that the person gets to read. */
export const declineQuarantined = defineMutation({
  name: 'quarantine.decline',
  version: 1,
  schema: z.object({
    id: idSchema,
    reason: z.string().trim().min(1, 'say why, so that the person knows').max(2000),
  }),
  by: employerRoles,
  label: 'Decline work sent after access ended',
  async apply(store, { id, reason }, context) {
    if ((await findUndecided(store, id, 'declined')) === undefined) {
      const { decisionReason } = await getRow(store, 'quarantinedChanges', id);
      assertSameWords(decisionReason, reason);
      return;
    }
    await store.patch('quarantinedChanges', id, {
      state: 'declined',
      decidedBy: context.actor.membershipId,
      decidedAt: context.at,
      decisionReason: reason,
      problem: null,
    });
  },
});

/** Run by the server when the rules refuse what an employer took over: it waits on, and says why. */
export const returnToQuarantine = defineMutation({
  name: 'quarantine.return',
  version: 1,
  schema: z.object({ id: idSchema, problem: z.string().max(2000) }),
  by: 'server',
  label: 'Work that could not be taken over waits on',
  async apply(store, { id, problem }) {
    await store.patch('quarantinedChanges', id, {
      state: 'waiting',
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
      problem,
    });
  },
});
