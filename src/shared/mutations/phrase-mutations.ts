import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { computeDerivedId } from '../domain/derived-id.ts';
import { idSchema } from '../domain/fields.ts';
import { deskScope } from '../domain/scopes.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles, type MutationContext } from './mutation.ts';

export const phraseTextSchema = z
  .string()
  .trim()
  .min(1, 'expected some text')
  .max(5000, 'expected at most 5,000 characters');

async function insertPhrase(
  store: MutationStore,
  phrase: Pick<DomainRow<'phrases'>, 'id' | 'text' | 'createdBy'>,
  { at }: MutationContext,
): Promise<void> {
  await store.insert('phrases', {
    orgId: store.orgId,
    scope: deskScope,
    ...phrase,
    createdAt: at,
    updatedAt: at,
    removedAt: null,
  });
}

/** Of a phrase that was there before, what became of it is lost: as older programs save. */
export const savePhraseV1 = defineMutation({
  name: 'phrase.save',
  version: 1,
  schema: z.object({ phraseId: idSchema, text: phraseTextSchema }),
  by: employerRoles,
  label: 'Save a phrase',
  async apply(store, { phraseId, text }, context) {
    const createdBy = context.actor.membershipId;
    if ((await store.find('phrases', phraseId)) === undefined)
      await insertPhrase(store, { id: phraseId, text, createdBy }, context);
    else await store.patch('phrases', phraseId, { text, updatedAt: context.at, removedAt: null });
  },
});

/**
 * Adds words to the managers' common stock, or changes them; changing brings removed ones back. What somebody else had made
 * of the same phrase meanwhile becomes a phrase of its own.
 */
export const savePhrase = defineMutation({
  name: 'phrase.save',
  version: 2,
  schema: z.object({
    phraseId: idSchema,
    text: phraseTextSchema,
    /** The text as it was when the change began; null for a new phrase. */
    seen: z.string().nullable(),
  }),
  by: employerRoles,
  label: 'Save a phrase',
  async apply(store, { phraseId, text, seen }, context) {
    const existing = await store.find('phrases', phraseId);
    const isUnseen =
      existing !== undefined &&
      existing.removedAt === null &&
      existing.text !== seen &&
      existing.text !== text;
    if (isUnseen)
      await insertPhrase(
        store,
        {
          id: computeDerivedId(context.mutationId, 'phrase-beside', context.sha256Hex),
          text: existing.text,
          createdBy: existing.createdBy,
        },
        context,
      );
    await savePhraseV1.apply(store, { phraseId, text }, context);
  },
});

export const removePhraseV1 = defineMutation({
  name: 'phrase.remove',
  version: 1,
  schema: z.object({ phraseId: idSchema }),
  by: employerRoles,
  label: 'Remove a phrase',
  async apply(store, { phraseId }, context) {
    const phrase = await getRow(store, 'phrases', phraseId);
    if (phrase.removedAt === null)
      await store.patch('phrases', phraseId, { removedAt: context.at });
  },
});

/** Removes the words that were seen; what somebody has made other words of meanwhile stays. */
export const removePhrase = defineMutation({
  name: 'phrase.remove',
  version: 2,
  schema: z.object({ phraseId: idSchema, seen: z.string() }),
  by: employerRoles,
  label: 'Remove a phrase',
  async apply(store, { phraseId, seen }, context) {
    const phrase = await getRow(store, 'phrases', phraseId);
    if (phrase.removedAt === null && phrase.text !== seen)
      throw new StintError(
        'conflict',
        'this phrase was changed by somebody else meanwhile, and stays; look at it, and remove it again if it is to go',
      );
    await removePhraseV1.apply(store, { phraseId }, context);
  },
});
