import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import { computeDerivedId } from '../domain/derived-id.ts';
import { idSchema, textSchema } from '../domain/fields.ts';
import { manifestFileSchema } from '../domain/manifest.ts';
import { ensureDraft } from './draft-mutations.ts';
import { defineMutation, internRole, type MutationContext } from './mutation.ts';

/** The revision that a draft is being prepared for. */
async function computeNextRevision(store: MutationStore, taskId: string): Promise<number> {
  const newest = await store.db
    .selectFrom('submissions')
    .select('revision')
    .where('orgId', '=', store.orgId)
    .where('taskId', '=', taskId)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (newest?.revision ?? 0) + 1;
}

type VersionContent = Pick<
  DomainRow<'draftVersions'>,
  'kind' | 'note' | 'isConcurrent' | 'writtenAt'
>;

/** Keeps what is being replaced. The same version may be replaced again: brought back, and replaced once more. */
async function keepVersion(
  store: MutationStore,
  draft: Pick<DomainRow<'drafts'>, 'taskId' | 'scope'>,
  versionId: string,
  content: VersionContent,
  at: string,
): Promise<void> {
  const { taskId, scope } = draft;
  const kept = { ...content, revision: await computeNextRevision(store, taskId), replacedAt: at };
  const found = await store.find('draftVersions', versionId);
  if (found === undefined)
    await store.insert('draftVersions', {
      orgId: store.orgId,
      id: versionId,
      scope,
      taskId,
      ...kept,
    });
  // An id that names another's version says nothing here: the scope is never this person's.
  else if (found.scope === scope && found.taskId === taskId)
    await store.patch('draftVersions', versionId, kept);
}

/** Version 1 put the note in the place of whatever was there. */
export const writeDraftNote = defineMutation({
  name: 'draft.writeNote',
  version: 2,
  schema: z.object({
    taskId: idSchema,
    note: textSchema,
    /** The stretch of writing that this is of: within one, a note grows and leaves no versions behind. */
    versionId: idSchema.optional(),
    /** The version that the stretch began from; null for one from before there were any. */
    baseVersionId: idSchema.nullable().optional(),
  }),
  by: internRole,
  label: 'Write the note',
  async apply(store, { taskId, note, versionId, baseVersionId = null }, context) {
    const draft = await ensureDraft(store, taskId, context);
    const own = versionId ?? computeDerivedId(context.mutationId, 'note', context.sha256Hex);
    const shown = draft.noteVersionId;
    if (shown !== own && draft.note !== '' && draft.note !== note) {
      const keptId = shown ?? computeDerivedId(context.mutationId, 'kept', context.sha256Hex);
      const isConcurrent = versionId !== undefined && shown !== baseVersionId ? 1 : 0;
      await keepVersion(
        store,
        draft,
        keptId,
        { kind: 'note', note: draft.note, isConcurrent, writtenAt: draft.updatedAt },
        context.at,
      );
    }
    await store.patch('drafts', taskId, { note, noteVersionId: own, updatedAt: context.at });
  },
});

async function setAside(
  store: MutationStore,
  draft: Pick<DomainRow<'drafts'>, 'taskId' | 'scope'>,
  file: Pick<DomainRow<'attachments'>, 'id' | 'createdAt'>,
  at: string,
): Promise<void> {
  await store.patch('attachments', file.id, { removedAt: at });
  await keepVersion(
    store,
    draft,
    file.id,
    { kind: 'file', note: null, isConcurrent: 0, writtenAt: file.createdAt },
    at,
  );
}

/** What stands in the draft under this very name makes room for another of that name. */
async function replaceSameName(
  store: MutationStore,
  draft: Pick<DomainRow<'drafts'>, 'taskId' | 'scope'>,
  name: string,
  context: MutationContext,
): Promise<void> {
  const present = await store.db
    .selectFrom('attachments')
    .select(['id', 'createdAt'])
    .where('orgId', '=', store.orgId)
    .where('ownerId', '=', draft.taskId)
    .where('ownerKind', '=', 'draft')
    .where('name', '=', name)
    .where('removedAt', 'is', null)
    .orderBy('id')
    .execute();
  for (const file of present) await setAside(store, draft, file, context.at);
}

/** Version 1 left two files of one name side by side. */
export const attachDeliverable = defineMutation({
  name: 'draft.attach',
  version: 2,
  schema: z.object({ taskId: idSchema, file: manifestFileSchema }),
  by: internRole,
  label: 'Attach a deliverable',
  async apply(store, { taskId, file }, context) {
    const draft = await ensureDraft(store, taskId, context);
    await replaceSameName(store, draft, file.name, context);
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

/** Version 1 kept no account of what was removed for which revision. */
export const detachDeliverable = defineMutation({
  name: 'draft.detach',
  version: 2,
  schema: z.object({ attachmentId: idSchema, detached: z.boolean() }),
  by: internRole,
  label: 'Remove a deliverable from the draft',
  async apply(store, { attachmentId, detached }, context) {
    const attachment = await getRow(store, 'attachments', attachmentId);
    if (attachment.createdBy !== context.actor.membershipId || attachment.ownerKind !== 'draft')
      throw createRowNotFound('attachments', attachmentId);
    // Twice, or from two devices: the first has done it.
    if ((attachment.removedAt !== null) === detached) return;
    const draft = { taskId: attachment.taskId, scope: attachment.scope };
    if (detached) return setAside(store, draft, attachment, context.at);
    await replaceSameName(store, draft, attachment.name, context);
    await store.patch('attachments', attachmentId, { removedAt: null });
  },
});
