import { z } from 'zod';
import { getRow } from '../database/mutation-store.ts';
import { idSchema } from '../domain/fields.ts';
import { deskScope } from '../domain/scopes.ts';
import { defineMutation, employerRoles } from './mutation.ts';

export const phraseTextSchema = z
  .string()
  .trim()
  .min(1, 'expected some text')
  .max(5000, 'expected at most 5,000 characters');

/** Adds words to the managers' common stock, or changes them; changing brings removed ones back. */
export const savePhrase = defineMutation({
  name: 'phrase.save',
  version: 1,
  schema: z.object({ phraseId: idSchema, text: phraseTextSchema }),
  by: employerRoles,
  label: 'Save a phrase',
  async apply(store, { phraseId, text }, context) {
    if ((await store.find('phrases', phraseId)) === undefined)
      await store.insert('phrases', {
        orgId: store.orgId,
        id: phraseId,
        scope: deskScope,
        text,
        createdBy: context.actor.membershipId,
        createdAt: context.at,
        updatedAt: context.at,
        removedAt: null,
      });
    else await store.patch('phrases', phraseId, { text, updatedAt: context.at, removedAt: null });
  },
});

export const removePhrase = defineMutation({
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
