import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import { idSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles, internRole, type MutationContext } from './mutation.ts';
import { getOwnTask } from './ownership.ts';
import { assertSameWords } from './same-decision.ts';

export const extraTimeFields = {
  days: z.int().min(0).max(365),
  minutes: z.int().min(0).max(1439),
};
export const extensionReasonSchema = z
  .string()
  .trim()
  .min(1, 'expected a reason: the other side reads it')
  .max(2000, 'expected at most 2,000 characters');

export function assertSomeTime({ days, minutes }: { days: number; minutes: number }): void {
  if (days === 0 && minutes === 0)
    throw new StintError('invalid_input', 'an extension needs at least a minute', {
      field: 'minutes',
    });
}

/** The intern asks for more time. The deadline stands until the employer grants it. */
export const requestExtension = defineMutation({
  name: 'extension.request',
  version: 1,
  schema: z.object({
    requestId: idSchema,
    taskId: idSchema,
    ...extraTimeFields,
    reason: extensionReasonSchema,
    briefVersionId: idSchema.nullable(),
  }),
  by: internRole,
  label: 'Ask for more time',
  async apply(store, { requestId, taskId, briefVersionId, ...asked }, context) {
    assertSomeTime(asked);
    const task = await getOwnTask(store, taskId, context.actor);
    if (briefVersionId !== null) {
      const brief = await getRow(store, 'briefVersions', briefVersionId);
      if (brief.taskId !== task.id) throw createRowNotFound('briefVersions', briefVersionId);
    }
    await store.insert('extensionRequests', {
      orgId: store.orgId,
      id: requestId,
      scope: task.scope,
      taskId: task.id,
      ...asked,
      briefVersionId,
      requestedBy: context.actor.membershipId,
      createdAt: context.at,
      state: 'open',
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
      extensionId: null,
    });
  },
});

type Decided = Exclude<DomainRow<'extensionRequests'>['state'], 'open'>;

const decidedWords: Readonly<Record<Decided, string>> = {
  granted: 'granted',
  declined: 'declined',
  withdrawn: 'taken back',
};

/** Of two who decide differently, the first in the server's order counts. @returns whether it is still to be made. */
function isToBeMade(request: DomainRow<'extensionRequests'>, decision: Decided): boolean {
  if (request.state === decision) return false;
  if (request.state !== 'open')
    throw new StintError(
      'conflict',
      `this request for more time was ${decidedWords[request.state]} before; that stands`,
    );
  return true;
}

const decide = async (
  store: MutationStore,
  requestId: string,
  patch: Pick<DomainRow<'extensionRequests'>, 'state' | 'decisionReason' | 'extensionId'>,
  context: MutationContext,
): Promise<void> =>
  store.patch('extensionRequests', requestId, {
    ...patch,
    decidedBy: context.actor.membershipId,
    decidedAt: context.at,
  });

const countWords = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

function describeExtraTime({ days, minutes }: { days: number; minutes: number }): string {
  const parts = [
    [days, 'day'],
    [Math.floor(minutes / 60), 'hour'],
    [minutes % 60, 'minute'],
  ] as const;
  return parts
    .flatMap(([count, noun]) => (count === 0 ? [] : [countWords(count, noun)]))
    .join(' and ');
}

/** Who gives another amount than was given before is told: they would believe that theirs holds. */
async function assertSameTime(
  store: MutationStore,
  { extensionId }: DomainRow<'extensionRequests'>,
  wanted: { days: number; minutes: number },
): Promise<void> {
  const given = extensionId === null ? undefined : await store.find('extensions', extensionId);
  if (given === undefined || (given.days === wanted.days && given.minutes === wanted.minutes))
    return;
  throw new StintError(
    'conflict',
    `this request for more time was granted before, with ${describeExtraTime(given)} and not with ${describeExtraTime(wanted)}; that stands`,
  );
}

/** Gives the time, as much as was asked for or another amount. The same amount again changes nothing. */
export const grantExtension = defineMutation({
  name: 'extension.grant',
  version: 1,
  schema: z.object({ requestId: idSchema, extensionId: idSchema, ...extraTimeFields }),
  by: employerRoles,
  label: 'Give the time that was asked for',
  async apply(store, { requestId, extensionId, days, minutes }, context) {
    assertSomeTime({ days, minutes });
    const request = await getRow(store, 'extensionRequests', requestId);
    if (!isToBeMade(request, 'granted')) {
      await assertSameTime(store, request, { days, minutes });
      return;
    }
    await store.insert('extensions', {
      orgId: store.orgId,
      id: extensionId,
      scope: request.scope,
      taskId: request.taskId,
      days,
      minutes,
      reason: request.reason,
      createdBy: context.actor.membershipId,
      createdAt: context.at,
    });
    await decide(
      store,
      requestId,
      { state: 'granted', decisionReason: null, extensionId },
      context,
    );
  },
});

export const declineExtension = defineMutation({
  name: 'extension.decline',
  version: 1,
  schema: z.object({ requestId: idSchema, reason: extensionReasonSchema }),
  by: employerRoles,
  label: 'Decline a request for more time',
  async apply(store, { requestId, reason }, context) {
    const request = await getRow(store, 'extensionRequests', requestId);
    if (!isToBeMade(request, 'declined')) {
      assertSameWords(request.decisionReason, reason);
      return;
    }
    await decide(
      store,
      requestId,
      { state: 'declined', decisionReason: reason, extensionId: null },
      context,
    );
  },
});

export const withdrawExtension = defineMutation({
  name: 'extension.withdraw',
  version: 1,
  schema: z.object({ requestId: idSchema }),
  by: internRole,
  label: 'Take back a request for more time',
  async apply(store, { requestId }, context) {
    const request = await getRow(store, 'extensionRequests', requestId);
    if (request.requestedBy !== context.actor.membershipId)
      throw createRowNotFound('extensionRequests', requestId);
    if (isToBeMade(request, 'withdrawn'))
      await decide(
        store,
        requestId,
        { state: 'withdrawn', decisionReason: null, extensionId: null },
        context,
      );
  },
});
