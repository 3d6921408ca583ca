import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import { idSchema, textSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles, internRole, type MutationContext } from './mutation.ts';
import { getOwnTask } from './ownership.ts';
import { assertNoOverlap } from './overlap-rule.ts';
import { assertSameWords } from './same-decision.ts';
import { applyTimeChange, getOwnEntry, type TimeChange, timeChangeSchema } from './time-changes.ts';
import { findApprovedSheet, findLock, insertRequest, standsOnLiveTimesheet } from './time-locks.ts';

/**
 * Asks for a change of approved time. It stays a request though nothing be locked when it arrives (the timesheet may have
 * been opened again meanwhile): what the person asked for is answered by who was asked.
 */
export const requestTimeChange = defineMutation({
  name: 'timeChange.request',
  version: 1,
  schema: z.object({
    requestId: idSchema,
    change: timeChangeSchema,
    reason: textSchema.max(2000).refine((text) => text.trim() !== '', 'expected a reason'),
  }),
  by: internRole,
  label: 'Ask for a change of approved time',
  async apply(store, { requestId, change, reason }, context) {
    const about = await getSubject(store, change, context);
    const lock = await findLock(store, change, context);
    await insertRequest(
      store,
      { id: requestId, change, reason, cameLate: 0 },
      { engagementId: about.engagementId, scope: about.scope, id: lock?.id ?? null },
      context,
    );
  },
});

/** The entry or task that a change is about, if it is this person's. */
async function getSubject(
  store: MutationStore,
  change: TimeChange,
  context: MutationContext,
): Promise<{ engagementId: string; scope: string }> {
  if (change.kind === 'add') return getOwnTask(store, change.args.taskId, context.actor);
  if (change.kind !== 'rearrange') return getOwnEntry(store, change.args.timeEntryId, context);
  const [first] = change.args.changes;
  if (first !== undefined) return getOwnEntry(store, first.timeEntryId, context);
  const [addition] = change.args.additions;
  if (addition === undefined)
    throw new StintError('invalid_input', 'expected at least one entry', { field: 'change' });
  return getOwnTask(store, addition.taskId, context.actor);
}

/** Takes a request back that nobody has answered yet. */
export const withdrawTimeChange = defineMutation({
  name: 'timeChange.withdraw',
  version: 1,
  schema: z.object({ requestId: idSchema }),
  by: internRole,
  label: 'Take back a request about approved time',
  async apply(store, { requestId }, context) {
    const request = await getRow(store, 'timeChangeRequests', requestId);
    if (request.membershipId !== context.actor.membershipId)
      throw createRowNotFound('timeChangeRequests', requestId);
    if (request.state === 'withdrawn') return;
    if (request.state !== 'waiting')
      throw new StintError(
        'conflict',
        `this request was ${request.state} before you took it back; that stands`,
      );
    await store.patch('timeChangeRequests', requestId, { state: 'withdrawn' });
  },
});

/** The employer's answer; the first in the server's order counts. Accepted, the change is done in the same moment. */
export const decideTimeChange = defineMutation({
  name: 'timeChange.decide',
  version: 1,
  schema: z.object({
    requestId: idSchema,
    decision: z.enum(['accepted', 'declined']),
    note: textSchema.max(2000),
  }),
  by: employerRoles,
  label: 'Answer a request about approved time',
  async apply(store, { requestId, decision, note }, context) {
    const request = await getRow(store, 'timeChangeRequests', requestId);
    if (request.state !== 'waiting') {
      if (request.state !== decision)
        throw new StintError('refused', `this request is ${request.state} already`);
      assertSameWords(request.decisionNote, note);
      return;
    }
    if (decision === 'accepted') await acceptChange(store, request, context);
    await store.patch('timeChangeRequests', requestId, {
      state: decision,
      decidedBy: context.actor.membershipId,
      decidedAt: context.at,
      decisionNote: note,
    });
  },
});

/** Does what was asked for as the intern's own change: it is theirs, and the history says so. */
async function acceptChange(
  store: MutationStore,
  request: DomainRow<'timeChangeRequests'>,
  context: MutationContext,
): Promise<void> {
  const change = timeChangeSchema.parse(JSON.parse(request.changeJson));
  const asIntern = {
    ...context,
    actor: { ...context.actor, membershipId: request.membershipId, role: 'intern' as const },
  };
  // What was approved when it was asked for may have been opened again since, and handed in anew.
  const lock =
    (await findApprovedSheet(store, request.timesheetId)) ??
    (await findLock(store, change, asIntern));
  await applyTimeChange(store, change, asIntern);
  const touched = listTouchedIds(change);
  // Time that was added to approved days belongs to what is approved.
  if (lock !== undefined)
    for (const id of touched)
      if (!(await standsOnLiveTimesheet(store, await getRow(store, 'timeEntries', id))))
        await store.patch('timeEntries', id, { timesheetId: lock.id });
  await assertNoOverlap(store, request.membershipId, touched);
}

function listTouchedIds(change: TimeChange): string[] {
  return change.kind === 'rearrange'
    ? [...change.args.changes, ...change.args.additions].map(({ timeEntryId }) => timeEntryId)
    : [change.args.timeEntryId];
}
