import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { computeDerivedId } from '../domain/derived-id.ts';
import { criterionSchema, idSchema, textSchema } from '../domain/fields.ts';
import { defineMutation, employerRoles, type MutationContext } from './mutation.ts';

type Task = Pick<DomainRow<'tasks'>, 'id' | 'scope'>;

async function loadVersions(
  store: MutationStore,
  taskId: string,
): Promise<{ id: string; version: number }[]> {
  return store.db
    .selectFrom('briefVersions')
    .select(['id', 'version'])
    .where('orgId', '=', store.orgId)
    .where('taskId', '=', taskId)
    .execute();
}

export async function insertNextBrief(
  store: MutationStore,
  task: Task,
  brief: {
    readonly briefVersionId: string;
    readonly instructions: string;
    readonly criteriaJson: string;
  },
  context: MutationContext,
): Promise<void> {
  const versions = await loadVersions(store, task.id);
  await store.insert('briefVersions', {
    orgId: store.orgId,
    id: brief.briefVersionId,
    scope: task.scope,
    taskId: task.id,
    version: versions.reduce((last, { version }) => Math.max(last, version), 0) + 1,
    instructions: brief.instructions,
    criteriaJson: brief.criteriaJson,
    createdBy: context.actor.membershipId,
    createdAt: context.at,
  });
  await store.patch('tasks', task.id, { briefVersionId: brief.briefVersionId });
}

/** Under this field of its task `fieldEdits` keeps which version of the brief another one replaced without having seen it. */
export const replacedBriefField = 'briefVersionId';

async function noteReplacedUnseen(
  store: MutationStore,
  task: Task,
  { replacedId, briefVersionId }: { readonly replacedId: string; readonly briefVersionId: string },
  context: MutationContext,
): Promise<void> {
  await store.insert('fieldEdits', {
    orgId: store.orgId,
    id: computeDerivedId(context.mutationId, `replaced-brief/${replacedId}`, context.sha256Hex),
    scope: task.scope,
    tableName: 'tasks',
    rowId: task.id,
    field: replacedBriefField,
    previousJson: JSON.stringify(replacedId),
    nextJson: JSON.stringify(briefVersionId),
    overwroteUnseen: 1,
    editedBy: context.actor.membershipId,
    editedAt: context.at,
  });
}

/** A version that is made of the one that stands leaves out what that one left out. */
export async function carryReplacedUnseen(
  store: MutationStore,
  task: Task,
  versions: { readonly standingId: string; readonly briefVersionId: string },
  context: MutationContext,
): Promise<void> {
  const rows = await store.db
    .selectFrom('fieldEdits')
    .select('previousJson')
    .where('orgId', '=', store.orgId)
    .where('rowId', '=', task.id)
    .where('field', '=', replacedBriefField)
    .where('nextJson', '=', JSON.stringify(versions.standingId))
    .execute();
  const { briefVersionId } = versions;
  for (const { previousJson } of rows)
    await noteReplacedUnseen(
      store,
      task,
      { replacedId: idSchema.parse(JSON.parse(previousJson)), briefVersionId },
      context,
    );
}

const revisionFields = {
  taskId: idSchema,
  briefVersionId: idSchema,
  instructions: textSchema,
  criteria: z.array(criterionSchema).max(100),
};

/** As older programs write a new version; they do not say which ones they had seen. */
export const reviseBriefV1 = defineMutation({
  name: 'task.reviseBrief',
  version: 1,
  schema: z.object(revisionFields),
  by: employerRoles,
  label: 'Change a task’s brief',
  async apply(store, { taskId, criteria, ...brief }, context) {
    const task = await getRow(store, 'tasks', taskId);
    await insertNextBrief(
      store,
      task,
      { ...brief, criteriaJson: JSON.stringify(criteria) },
      context,
    );
  },
});

/** So many versions a device names; who has seen more of one brief has seen the newest. */
export const maximumSeenBriefs = 1000;

/**
 * A new brief version; the one before stays as it was, and submissions keep naming the one they answer. Which versions its
 * writer had not seen is kept, so that what they say can be taken up.
 */
export const reviseBrief = defineMutation({
  name: 'task.reviseBrief',
  version: 2,
  schema: z.object({
    ...revisionFields,
    /** The versions of this brief that the device held. */
    seen: z.array(idSchema).max(maximumSeenBriefs),
  }),
  by: employerRoles,
  label: 'Change a task’s brief',
  async apply(store, { seen, ...revision }, context) {
    const task = await getRow(store, 'tasks', revision.taskId);
    const { briefVersionId } = revision;
    const versions = await loadVersions(store, task.id);
    const known = versions.filter(({ id }) => seen.includes(id));
    const oldest = Math.min(...known.map(({ version }) => version));
    for (const { id, version } of versions)
      if (version > oldest && !seen.includes(id))
        await noteReplacedUnseen(store, task, { replacedId: id, briefVersionId }, context);
    await reviseBriefV1.apply(store, revision, context);
  },
});
