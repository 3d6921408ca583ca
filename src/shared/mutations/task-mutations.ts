import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import {
  criterionSchema,
  deadlineSchema,
  idSchema,
  lineSchema,
  textSchema,
} from '../domain/fields.ts';
import { manifestFileSchema, type ManifestFile } from '../domain/manifest.ts';
import { StintError } from '../errors.ts';
import { getOwnTask } from './ownership.ts';
import { applyFieldEdits } from './field-edits.ts';
import { defineMutation, employerRoles, internRole, type MutationContext } from './mutation.ts';

const criteriaSchema = z.array(criterionSchema).max(100);
const estimateMinutesSchema = z.int().min(1).max(60_000).nullable();

async function insertDeadline(
  store: MutationStore,
  row: { id: string; taskId: string; scope: string; wall: string; zone: string },
  context: MutationContext,
): Promise<void> {
  await store.insert('deadlines', {
    orgId: store.orgId,
    ...row,
    createdBy: context.actor.membershipId,
    createdAt: context.at,
    supersededSeq: null,
  });
}

async function insertReference(
  store: MutationStore,
  task: { id: string; scope: string },
  file: ManifestFile,
  context: MutationContext,
): Promise<void> {
  const { attachmentId, ...content } = file;
  await store.insert('attachments', {
    orgId: store.orgId,
    id: attachmentId,
    scope: task.scope,
    ownerKind: 'task',
    ownerId: task.id,
    taskId: task.id,
    ...content,
    createdBy: context.actor.membershipId,
    createdAt: context.at,
    removedAt: null,
    arrivedAt: null,
  });
}

async function getEngagementToAssign(
  store: MutationStore,
  engagementId: string,
  context: MutationContext,
): Promise<DomainRow<'engagements'>> {
  const engagement = await getRow(store, 'engagements', engagementId);
  const hasEnded = engagement.status === 'completed' || engagement.status === 'withdrawn';
  // SY-15: taken once before the engagement ended, which may have come again first.
  if (hasEnded && context.acknowledged === null)
    throw new StintError(
      'refused',
      `this engagement is ${engagement.status}; no task can be assigned in it`,
    );
  return engagement;
}

export const assignTask = defineMutation({
  name: 'task.assign',
  version: 1,
  schema: z.object({
    taskId: idSchema,
    engagementId: idSchema,
    title: lineSchema,
    briefVersionId: idSchema,
    instructions: textSchema,
    criteria: criteriaSchema,
    deadlineId: idSchema,
    deadline: deadlineSchema,
    estimateMinutes: estimateMinutesSchema,
    references: z.array(manifestFileSchema).max(200),
  }),
  by: employerRoles,
  label: 'Assign a task',
  async apply(store, args, context) {
    const engagement = await getEngagementToAssign(store, args.engagementId, context);
    const last = await store.db
      .selectFrom('tasks')
      .select((row) => row.fn.max('position').as('position'))
      .where('orgId', '=', store.orgId)
      .where('engagementId', '=', engagement.id)
      .executeTakeFirst();
    await store.insert('tasks', {
      orgId: store.orgId,
      id: args.taskId,
      scope: engagement.scope,
      engagementId: engagement.id,
      title: args.title,
      estimateMinutes: args.estimateMinutes,
      position: (last?.position ?? 0) + 1,
      briefVersionId: args.briefVersionId,
      deadlineId: args.deadlineId,
      createdBy: context.actor.membershipId,
      createdAt: context.at,
      cancelledAt: null,
      dependsOnJson: null,
    });
    const task = { id: args.taskId, scope: engagement.scope };
    await store.insert('briefVersions', {
      orgId: store.orgId,
      id: args.briefVersionId,
      scope: task.scope,
      taskId: task.id,
      version: 1,
      instructions: args.instructions,
      criteriaJson: JSON.stringify(args.criteria),
      createdBy: context.actor.membershipId,
      createdAt: context.at,
    });
    await insertDeadline(
      store,
      { id: args.deadlineId, taskId: task.id, scope: task.scope, ...args.deadline },
      context,
    );
    for (const file of args.references) await insertReference(store, task, file, context);
  },
});

export const editTask = defineMutation({
  name: 'task.edit',
  version: 1,
  schema: z.object({
    taskId: idSchema,
    patch: z.object({ title: lineSchema, estimateMinutes: estimateMinutesSchema }).partial(),
    seen: z.object({ title: z.string(), estimateMinutes: z.int().nullable() }).partial(),
  }),
  by: employerRoles,
  label: 'Edit a task',
  async apply(store, { taskId, patch, seen }, context) {
    await applyFieldEdits(
      store,
      'tasks',
      await getRow(store, 'tasks', taskId),
      patch,
      seen,
      context,
    );
  },
});

export const moveDeadline = defineMutation({
  name: 'task.moveDeadline',
  version: 1,
  schema: z.object({ taskId: idSchema, deadlineId: idSchema, deadline: deadlineSchema }),
  by: employerRoles,
  label: 'Move a deadline',
  async apply(store, args, context) {
    const task = await getRow(store, 'tasks', args.taskId);
    await insertDeadline(
      store,
      { id: args.deadlineId, taskId: task.id, scope: task.scope, ...args.deadline },
      context,
    );
    await store.patch('deadlines', task.deadlineId, { supersededSeq: context.seq });
    await store.patch('tasks', task.id, { deadlineId: args.deadlineId });
  },
});

export const extendDeadline = defineMutation({
  name: 'task.extend',
  version: 1,
  schema: z.object({
    extensionId: idSchema,
    taskId: idSchema,
    days: z.int().min(0).max(365),
    minutes: z.int().min(0).max(1439),
    reason: textSchema.max(2000),
  }),
  by: employerRoles,
  label: 'Give extra time',
  async apply(store, args, context) {
    if (args.days === 0 && args.minutes === 0)
      throw new StintError('invalid_input', 'an extension needs at least a minute', {
        field: 'minutes',
      });
    const task = await getRow(store, 'tasks', args.taskId);
    await store.insert('extensions', {
      orgId: store.orgId,
      id: args.extensionId,
      scope: task.scope,
      taskId: task.id,
      days: args.days,
      minutes: args.minutes,
      reason: args.reason,
      createdBy: context.actor.membershipId,
      createdAt: context.at,
    });
  },
});

async function isWorkAccepted(store: MutationStore, taskId: string): Promise<boolean> {
  const accepted = await store.db
    .selectFrom('reviews')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('taskId', '=', taskId)
    .where('decision', '=', 'accepted')
    .where('counts', '=', 1)
    .limit(1)
    .executeTakeFirst();
  return accepted !== undefined;
}

/** Of a task whose work was accepted nothing is left to cancel: whoever does so without knowing of it is told. */
export const cancelTask = defineMutation({
  name: 'task.cancel',
  version: 1,
  schema: z.object({ taskId: idSchema }),
  by: employerRoles,
  label: 'Cancel a task',
  async apply(store, { taskId }, context) {
    const task = await getRow(store, 'tasks', taskId);
    if (task.cancelledAt !== null) return;
    if (context.acknowledged === null && (await isWorkAccepted(store, taskId)))
      throw new StintError(
        'conflict',
        `work on “${task.title}” was accepted before; the task is not cancelled any more`,
      );
    await store.patch('tasks', taskId, { cancelledAt: context.at });
  },
});

export const addReference = defineMutation({
  name: 'task.addReference',
  version: 1,
  schema: z.object({ taskId: idSchema, file: manifestFileSchema }),
  by: employerRoles,
  label: 'Add a reference file',
  async apply(store, { taskId, file }, context) {
    await insertReference(store, await getRow(store, 'tasks', taskId), file, context);
  },
});

export const removeReference = defineMutation({
  name: 'task.removeReference',
  version: 1,
  schema: z.object({ attachmentId: idSchema }),
  by: employerRoles,
  label: 'Remove a reference file',
  async apply(store, { attachmentId }, context) {
    const attachment = await getRow(store, 'attachments', attachmentId);
    if (attachment.ownerKind !== 'task')
      throw new StintError(
        'refused',
        "only a task's reference files can be removed; submissions never change",
      );
    if (attachment.removedAt === null)
      await store.patch('attachments', attachmentId, { removedAt: context.at });
  },
});

/** The intern has seen a brief version. */
export const acknowledgeBrief = defineMutation({
  name: 'task.acknowledgeBrief',
  version: 1,
  schema: z.object({ acknowledgementId: idSchema, taskId: idSchema, briefVersionId: idSchema }),
  by: internRole,
  label: 'Mark a brief as seen',
  async apply(store, args, context) {
    const task = await getOwnTask(store, args.taskId, context.actor);
    await store.insert('briefAcknowledgements', {
      orgId: store.orgId,
      id: args.acknowledgementId,
      scope: task.scope,
      taskId: task.id,
      briefVersionId: args.briefVersionId,
      membershipId: context.actor.membershipId,
      acknowledgedAt: context.at,
    });
  },
});
