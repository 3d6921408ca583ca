import { z } from 'zod';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import { idSchema, textSchema } from '../domain/fields.ts';
import { manifestFileSchema } from '../domain/manifest.ts';
import { privateScope } from '../domain/scopes.ts';
import { defineMutation, internRole, type MutationContext } from './mutation.ts';
import { getOwnTask } from './ownership.ts';

/** The draft's row, made at first use; its id is the task's, so two devices make the same one. */
export async function ensureDraft(store: MutationStore, taskId: string, context: MutationContext) {
  await getOwnTask(store, taskId, context.actor);
  const found = await store.find('drafts', taskId);
  if (found !== undefined) return found;
  const draft = {
    orgId: store.orgId,
    id: taskId,
    scope: privateScope(context.actor.membershipId),
    taskId,
    note: '',
    tickedJson: '[]',
    updatedAt: context.at,
    noteVersionId: null,
  };
  await store.insert('drafts', draft);
  return draft;
}

export const writeDraftNoteV1 = defineMutation({
  name: 'draft.writeNote',
  version: 1,
  schema: z.object({ taskId: idSchema, note: textSchema }),
  by: internRole,
  label: 'Write the note',
  async apply(store, { taskId, note }, context) {
    await ensureDraft(store, taskId, context);
    await store.patch('drafts', taskId, { note, updatedAt: context.at });
  },
});

export const tickCriterion = defineMutation({
  name: 'draft.tickCriterion',
  version: 1,
  schema: z.object({ taskId: idSchema, criterionId: idSchema, ticked: z.boolean() }),
  by: internRole,
  label: 'Tick a criterion',
  async apply(store, { taskId, criterionId, ticked }, context) {
    const draft = await ensureDraft(store, taskId, context);
    const others = (JSON.parse(draft.tickedJson) as string[]).filter((id) => id !== criterionId);
    const tickedJson = JSON.stringify(ticked ? [...others, criterionId].sort() : others);
    await store.patch('drafts', taskId, { tickedJson, updatedAt: context.at });
  },
});

export const attachDeliverableV1 = defineMutation({
  name: 'draft.attach',
  version: 1,
  schema: z.object({ taskId: idSchema, file: manifestFileSchema }),
  by: internRole,
  label: 'Attach a deliverable',
  async apply(store, { taskId, file }, context) {
    const draft = await ensureDraft(store, taskId, context);
    const { attachmentId, ...content } = file;
    await store.insert('attachments', {
      orgId: store.orgId,
      id: attachmentId,
      scope: draft.scope,
      ownerKind: 'draft',
      ownerId: taskId,
      taskId,
      ...content,
      createdBy: context.actor.membershipId,
      createdAt: context.at,
      removedAt: null,
      arrivedAt: null,
    });
  },
});

export const detachDeliverableV1 = defineMutation({
  name: 'draft.detach',
  version: 1,
  schema: z.object({ attachmentId: idSchema, detached: z.boolean() }),
  by: internRole,
  label: 'Remove a deliverable from the draft',
  async apply(store, { attachmentId, detached }, context) {
    const attachment = await getRow(store, 'attachments', attachmentId);
    if (attachment.createdBy !== context.actor.membershipId || attachment.ownerKind !== 'draft')
      throw createRowNotFound('attachments', attachmentId);
    await store.patch('attachments', attachmentId, { removedAt: detached ? context.at : null });
  },
});
