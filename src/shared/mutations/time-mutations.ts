import { z } from 'zod';
import { getRow } from '../database/mutation-store.ts';
import { idSchema, instantSchema, textSchema, timeZoneSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { applyFieldEdits } from './field-edits.ts';
import { defineMutation, internRole } from './mutation.ts';
import { getOwnTask } from './ownership.ts';

function assertStretch(startedAt: string, endedAt: string): void {
  if (endedAt <= startedAt)
    throw new StintError(
      'invalid_input',
      `the end ${endedAt} does not lie after the start ${startedAt}`,
      {
        field: 'endedAt',
      },
    );
}

/** The values of the entry that the person had before them. */
const seenEntrySchema = z
  .object({ startedAt: z.string(), endedAt: z.string(), note: z.string(), taskId: z.string() })
  .partial();

/** A stretch of work, from the timer or by hand. Inserting the same id twice is refused, so nothing doubles. */
export const addTime = defineMutation({
  name: 'time.add',
  version: 1,
  schema: z.object({
    timeEntryId: idSchema,
    taskId: idSchema,
    startedAt: instantSchema,
    endedAt: instantSchema,
    zone: timeZoneSchema,
    source: z.enum(['timer', 'manual']),
    note: textSchema.max(2000),
  }),
  by: internRole,
  label: 'Record time',
  async apply(store, args, context) {
    assertStretch(args.startedAt, args.endedAt);
    const task = await getOwnTask(store, args.taskId, context.actor);
    await store.insert('timeEntries', {
      orgId: store.orgId,
      id: args.timeEntryId,
      scope: task.scope,
      engagementId: task.engagementId,
      taskId: task.id,
      membershipId: context.actor.membershipId,
      startedAt: args.startedAt,
      endedAt: args.endedAt,
      zone: args.zone,
      source: args.source,
      note: args.note,
      createdAt: context.at,
      updatedAt: context.at,
      deletedAt: null,
      revivedAt: null,
    });
  },
});

/** A patch of an entry. An edit beats a delete: the entry comes back, marked (design, conflicts). */
export const editTime = defineMutation({
  name: 'time.edit',
  version: 1,
  schema: z.object({
    timeEntryId: idSchema,
    patch: z
      .object({
        startedAt: instantSchema,
        endedAt: instantSchema,
        note: textSchema.max(2000),
        taskId: idSchema,
      })
      .partial(),
    seen: seenEntrySchema,
  }),
  by: internRole,
  label: 'Edit recorded time',
  async apply(store, { timeEntryId, patch, seen }, context) {
    const entry = await getRow(store, 'timeEntries', timeEntryId);
    if (entry.membershipId !== context.actor.membershipId)
      throw new StintError('not_found', `there is no time entry ${timeEntryId} of yours`);
    assertStretch(patch.startedAt ?? entry.startedAt, patch.endedAt ?? entry.endedAt);
    if (patch.taskId !== undefined) {
      const task = await getOwnTask(store, patch.taskId, context.actor);
      if (task.engagementId !== entry.engagementId)
        throw new StintError('refused', 'time can move between tasks of one engagement only', {
          field: 'taskId',
        });
    }
    await applyFieldEdits(store, 'timeEntries', entry, patch, seen, context);
    await store.patch('timeEntries', timeEntryId, {
      updatedAt: context.at,
      ...(entry.deletedAt === null ? {} : { deletedAt: null, revivedAt: context.at }),
    });
  },
});

/**
 * Deletes an entry, or takes the deletion back. If the entry is no longer what the person saw, someone's
 * edit came in between: the edit beats the delete, and the entry stays, marked (design, conflicts).
 */
export const deleteTime = defineMutation({
  name: 'time.delete',
  version: 1,
  schema: z.object({ timeEntryId: idSchema, deleted: z.boolean(), seen: seenEntrySchema }),
  by: internRole,
  label: 'Delete recorded time',
  async apply(store, { timeEntryId, deleted, seen }, context) {
    const entry = await getRow(store, 'timeEntries', timeEntryId);
    if (entry.membershipId !== context.actor.membershipId)
      throw new StintError('not_found', `there is no time entry ${timeEntryId} of yours`);
    const wasEditedUnseen =
      (seen.startedAt !== undefined && seen.startedAt !== entry.startedAt) ||
      (seen.endedAt !== undefined && seen.endedAt !== entry.endedAt) ||
      (seen.note !== undefined && seen.note !== entry.note) ||
      (seen.taskId !== undefined && seen.taskId !== entry.taskId);
    if (deleted && wasEditedUnseen) {
      await store.patch('timeEntries', timeEntryId, { revivedAt: context.at });
      return;
    }
    await store.patch('timeEntries', timeEntryId, {
      updatedAt: context.at,
      deletedAt: deleted ? (entry.deletedAt ?? context.at) : null,
    });
  },
});
