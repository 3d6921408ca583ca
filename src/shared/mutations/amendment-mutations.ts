import { z } from 'zod';
import { computeCanonicalJson } from '../canonical-json.ts';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import {
  type AmendmentChanges,
  amendmentChangesSchema,
  type AmendmentField,
  computeSide,
} from '../domain/agreement.ts';
import { idSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { defineMutation, everyRole, type Actor, type MutationContext } from './mutation.ts';
import { computePay, computePayColumns } from './project-mutations.ts';
import { assertSameWords } from './same-decision.ts';

export const amendmentReasonSchema = z
  .string()
  .trim()
  .min(1, 'expected a reason: the other side reads it')
  .max(2000, 'expected at most 2,000 characters');

/** The engagement if this person is a party to it; to another intern, as if there were none. */
async function getOwnEngagement(
  store: MutationStore,
  engagementId: string,
  actor: Actor,
): Promise<DomainRow<'engagements'>> {
  const engagement = await getRow(store, 'engagements', engagementId);
  if (actor.role === 'intern' && engagement.membershipId !== actor.membershipId)
    throw createRowNotFound('engagements', engagementId);
  return engagement;
}

/** The amendment and its engagement, if this person is a party to it. */
async function getOwnAmendment(store: MutationStore, amendmentId: string, actor: Actor) {
  const amendment = await getRow(store, 'amendments', amendmentId);
  const engagement = await store.find('engagements', amendment.engagementId);
  const isParty =
    engagement !== undefined &&
    (actor.role !== 'intern' || engagement.membershipId === actor.membershipId);
  if (!isParty) throw createRowNotFound('amendments', amendmentId);
  return { amendment, engagement };
}

/** SY-15: what was taken once stays taken, though the engagement's end may have come again first. */
function assertActive(engagement: DomainRow<'engagements'>, context: MutationContext): void {
  if (engagement.status === 'active' || context.acknowledged !== null) return;
  throw new StintError(
    'refused',
    engagement.status === 'invited'
      ? `${engagement.invitedName} has not confirmed the terms yet; there is nothing to amend`
      : 'this engagement has ended; what was agreed stands as it is',
  );
}

/** What the engagement has of each field now. */
export function computeAgreed(
  engagement: Pick<
    DomainRow<'engagements'>,
    | 'hourBudgetMinutes'
    | 'payKind'
    | 'payAmountMinor'
    | 'payCurrency'
    | 'startsOn'
    | 'endsOn'
    | 'scopeText'
  >,
) {
  return {
    hourBudgetMinutes: engagement.hourBudgetMinutes,
    pay: computePay(engagement),
    startsOn: engagement.startsOn,
    endsOn: engagement.endsOn,
    scope: engagement.scopeText,
  };
}

/** Fields which are no longer what the proposal would replace, nor what it asks for. */
export function listOutdatedFields(
  changes: AmendmentChanges,
  agreed: ReturnType<typeof computeAgreed>,
): AmendmentField[] {
  return (Object.keys(changes) as AmendmentField[]).filter((field) => {
    const change = changes[field];
    if (change === undefined) return false;
    const now = computeCanonicalJson(agreed[field]);
    return now !== computeCanonicalJson(change.from) && now !== computeCanonicalJson(change.to);
  });
}

function assertDatesInOrder(startsOn: string, endsOn: string): void {
  if (endsOn < startsOn)
    throw new StintError('invalid_input', `the end ${endsOn} lies before the start ${startsOn}`, {
      field: 'changes.endsOn',
    });
}

/**
 * One side asks to change what was agreed; nothing changes until the other confirms. Several may be open at
 * once: each says what it would replace, and one that another has overtaken cannot be confirmed any more.
 */
export const proposeAmendment = defineMutation({
  name: 'amendment.propose',
  version: 1,
  schema: z.object({
    amendmentId: idSchema,
    engagementId: idSchema,
    taskId: idSchema.nullable(),
    reason: amendmentReasonSchema,
    changes: amendmentChangesSchema,
  }),
  by: everyRole,
  label: 'Propose a change to what was agreed',
  async apply(store, { amendmentId, engagementId, taskId, reason, changes }, context) {
    const engagement = await getOwnEngagement(store, engagementId, context.actor);
    assertActive(engagement, context);
    if (taskId !== null) {
      const task = await getRow(store, 'tasks', taskId);
      if (task.engagementId !== engagementId) throw createRowNotFound('tasks', taskId);
    }
    assertDatesInOrder(
      changes.startsOn?.to ?? engagement.startsOn,
      changes.endsOn?.to ?? engagement.endsOn,
    );
    await store.insert('amendments', {
      orgId: store.orgId,
      id: amendmentId,
      scope: engagement.scope,
      engagementId,
      taskId,
      proposedBy: context.actor.membershipId,
      proposedSide: computeSide(context.actor.role),
      reason,
      changesJson: JSON.stringify(changes),
      state: 'proposed',
      createdAt: context.at,
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
    });
  },
});

type Decision = 'confirmed' | 'declined' | 'withdrawn';

const decisionWords: Readonly<Record<Decision, string>> = {
  confirmed: 'confirmed',
  declined: 'declined',
  withdrawn: 'taken back',
};

/**
 * Of two who decide, the first in the server's order counts; the same decision again changes nothing.
 * @returns whether it is still to be made.
 */
function isToBeMade(amendment: DomainRow<'amendments'>, decision: Decision): boolean {
  if (amendment.state === decision) return false;
  if (amendment.state !== 'proposed')
    throw new StintError(
      'conflict',
      `this amendment was ${decisionWords[amendment.state]} before; that stands`,
    );
  return true;
}

function assertSide(
  amendment: DomainRow<'amendments'>,
  actor: Actor,
  wanted: 'proposer' | 'other',
): void {
  const isProposer = computeSide(actor.role) === amendment.proposedSide;
  if (isProposer === (wanted === 'proposer')) return;
  throw new StintError(
    'forbidden',
    wanted === 'proposer'
      ? 'only the side that proposed an amendment can take it back'
      : 'an amendment is for the other side to decide on',
  );
}

const decide = async (
  store: MutationStore,
  amendmentId: string,
  state: Decision,
  reason: string | null,
  context: MutationContext,
): Promise<void> =>
  store.patch('amendments', amendmentId, {
    state,
    decidedBy: context.actor.membershipId,
    decidedAt: context.at,
    decisionReason: reason,
  });

/** The other side agrees: the engagement has the new terms from now on. */
export const confirmAmendment = defineMutation({
  name: 'amendment.confirm',
  version: 1,
  schema: z.object({ amendmentId: idSchema }),
  by: everyRole,
  label: 'Confirm a change to what was agreed',
  async apply(store, { amendmentId }, context) {
    const { amendment, engagement } = await getOwnAmendment(store, amendmentId, context.actor);
    assertSide(amendment, context.actor, 'other');
    if (!isToBeMade(amendment, 'confirmed')) return;
    assertActive(engagement, context);
    const changes = amendmentChangesSchema.parse(JSON.parse(amendment.changesJson));
    const outdated = listOutdatedFields(changes, computeAgreed(engagement));
    if (outdated.length > 0)
      throw new StintError(
        'conflict',
        'something else was agreed since this was proposed; it has to be proposed again from what holds now',
      );
    const { pay, scope, ...others } = changes;
    const columns = {
      ...Object.fromEntries(
        Object.entries(others).flatMap(([field, change]) =>
          change === undefined ? [] : [[field, change.to]],
        ),
      ),
      ...(pay === undefined ? {} : computePayColumns(pay.to)),
      ...(scope === undefined ? {} : { scopeText: scope.to }),
    } as Partial<DomainRow<'engagements'>>;
    assertDatesInOrder(
      columns.startsOn ?? engagement.startsOn,
      columns.endsOn ?? engagement.endsOn,
    );
    await store.patch('engagements', engagement.id, columns);
    await decide(store, amendmentId, 'confirmed', null, context);
  },
});

export const declineAmendment = defineMutation({
  name: 'amendment.decline',
  version: 1,
  schema: z.object({ amendmentId: idSchema, reason: amendmentReasonSchema }),
  by: everyRole,
  label: 'Decline a change to what was agreed',
  async apply(store, { amendmentId, reason }, context) {
    const { amendment } = await getOwnAmendment(store, amendmentId, context.actor);
    assertSide(amendment, context.actor, 'other');
    if (isToBeMade(amendment, 'declined'))
      await decide(store, amendmentId, 'declined', reason, context);
    else assertSameWords(amendment.decisionReason, reason);
  },
});

export const withdrawAmendment = defineMutation({
  name: 'amendment.withdraw',
  version: 1,
  schema: z.object({ amendmentId: idSchema }),
  by: everyRole,
  label: 'Take back a proposed change',
  async apply(store, { amendmentId }, context) {
    const { amendment } = await getOwnAmendment(store, amendmentId, context.actor);
    assertSide(amendment, context.actor, 'proposer');
    if (isToBeMade(amendment, 'withdrawn'))
      await decide(store, amendmentId, 'withdrawn', null, context);
  },
});
