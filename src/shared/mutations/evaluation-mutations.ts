import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import { computeSide, type Side } from '../domain/agreement.ts';
import { computeDerivedId } from '../domain/derived-id.ts';
import {
  computeOpensAt,
  evaluationContentSchema,
  isEmptyEvaluation,
} from '../domain/evaluation.ts';
import { idSchema } from '../domain/fields.ts';
import { deskScope, privateScope } from '../domain/scopes.ts';
import { StintError } from '../errors.ts';
import { defineMutation, everyRole, type MutationContext } from './mutation.ts';

type Evaluation = DomainRow<'evaluations'>;

async function listEvaluations(store: MutationStore, engagementId: string): Promise<Evaluation[]> {
  return await store.db
    .selectFrom('evaluations')
    .selectAll()
    .where('orgId', '=', store.orgId)
    .where('engagementId', '=', engagementId)
    .orderBy('revision')
    .orderBy('id')
    .execute();
}

/** What stands in the place of words that were erased on a person's request before anybody else had read them. */
export const erasedContentJson = 'null';

/** The words are there, and only the side that wrote them has them. */
const isSealed = ({ openedAt, contentJson }: Evaluation): boolean =>
  openedAt === null && contentJson !== erasedContentJson;
const isOpened = ({ openedAt }: Evaluation): boolean => openedAt !== null;
const findOpened = (rows: readonly Evaluation[], side: Side): Evaluation | undefined =>
  rows.find((row) => isOpened(row) && row.side === side);

/** The same content in the scope that both sides see. */
async function insertOpened(
  store: MutationStore,
  sealed: Evaluation,
  engagement: DomainRow<'engagements'>,
  context: MutationContext,
  afterOpening: 0 | 1,
): Promise<void> {
  await store.insert('evaluations', {
    ...sealed,
    id: computeDerivedId(context.mutationId, `opened/${sealed.side}`, context.sha256Hex),
    scope: engagement.scope,
    openedAt: context.at,
    afterOpening,
  });
}

/**
 * One side says what it thinks of the other, once the engagement has ended. It is sealed: the row lies where only
 * the side that wrote it pulls, and it can be written anew until both are opened. A side that speaks when the
 * other's can be read already is read at once, and marked.
 */
export const writeEvaluation = defineMutation({
  name: 'evaluation.write',
  version: 1,
  schema: z.object({
    evaluationId: idSchema,
    engagementId: idSchema,
    content: evaluationContentSchema,
  }),
  by: everyRole,
  label: 'Evaluate an engagement',
  async apply(store, { evaluationId, engagementId, content }, context) {
    const { actor } = context;
    const engagement = await getRow(store, 'engagements', engagementId);
    if (actor.role === 'intern' && engagement.membershipId !== actor.membershipId)
      throw createRowNotFound('engagements', engagementId);
    const side = computeSide(actor.role);
    if (content.side !== side)
      throw new StintError('forbidden', 'each side evaluates for itself alone');
    if (isEmptyEvaluation(content))
      throw new StintError('invalid_input', 'an evaluation that says nothing is none', {
        field: 'content',
      });
    // SY-15: taken once after the end, which may not have come again yet.
    if (engagement.status !== 'completed' && context.acknowledged === null)
      throw new StintError(
        'refused',
        engagement.status === 'withdrawn'
          ? 'this engagement ended early; evaluations are for work that was completed'
          : 'the engagement goes on; it is evaluated once it is completed',
      );
    const rows = await listEvaluations(store, engagementId);
    if (findOpened(rows, side) !== undefined)
      throw new StintError(
        'conflict',
        'the evaluations are open; what was said stands as the other side has read it',
      );
    const own = rows.filter((row) => !isOpened(row) && row.side === side);
    const sealed: Evaluation = {
      orgId: store.orgId,
      id: evaluationId,
      scope: side === 'intern' ? privateScope(actor.membershipId) : deskScope,
      engagementId,
      side,
      writtenBy: actor.membershipId,
      revision: (own.at(-1)?.revision ?? 0) + 1,
      contentJson: JSON.stringify(content),
      claimedAt: context.claimedAt,
      createdAt: context.at,
      openedAt: null,
      afterOpening: 0,
    };
    await store.insert('evaluations', sealed);
    const isOtherOpen = rows.some((row) => isOpened(row) && row.side !== side);
    // A device does not see what the other side sealed, and leaves opening to the server.
    if (isOtherOpen && context.authority === 'server')
      await insertOpened(store, sealed, engagement, context, 1);
  },
});

/**
 * Run by the server when both sides have spoken, or fourteen days after the end: each side's newest is written
 * again where both see it. What is opened already stays; without anything sealed nothing changes.
 */
export const openEvaluations = defineMutation({
  name: 'evaluation.open',
  version: 1,
  schema: z.object({ engagementId: idSchema }),
  by: 'server',
  label: 'Open the evaluations',
  async apply(store, { engagementId }, context) {
    const engagement = await getRow(store, 'engagements', engagementId);
    const rows = await listEvaluations(store, engagementId);
    if (!isTimeToOpen(engagement, rows, context.at)) return;
    for (const side of ['employer', 'intern'] as const) {
      const newest = rows.findLast((row) => isSealed(row) && row.side === side);
      if (newest !== undefined && findOpened(rows, side) === undefined)
        await insertOpened(store, newest, engagement, context, 0);
    }
  },
});

/** Whether something sealed has to be opened now. */
export function isTimeToOpen(
  engagement: Pick<DomainRow<'engagements'>, 'endedAt'>,
  rows: readonly Evaluation[],
  at: string,
): boolean {
  const sealedSides = new Set(
    rows
      .filter((row) => isSealed(row) && findOpened(rows, row.side) === undefined)
      .map(({ side }) => side),
  );
  if (sealedSides.size === 0) return false;
  const hasOpened = rows.some(isOpened);
  const isDue = engagement.endedAt !== null && computeOpensAt(engagement.endedAt) <= at;
  return sealedSides.size === 2 || hasOpened || isDue;
}
