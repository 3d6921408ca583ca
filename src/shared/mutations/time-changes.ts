import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import { idSchema, instantSchema, textSchema, timeZoneSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { computeEpochMs } from '../ports.ts';
import { applyFieldEdits } from './field-edits.ts';
import type { MutationContext } from './mutation.ts';
import { getOwnTask } from './ownership.ts';

/**
 * What can be done to recorded time, each once: a mutation does it at once, and an employer who accepts a request
 * about approved time does the very same.
 */

/** Of what an entry says of itself, in characters. */
export const maximumNoteLength = 2000;

const noteSchema = textSchema.max(maximumNoteLength);

/** The values of the entry that the person had before them. */
const seenEntrySchema = z
  .object({ startedAt: z.string(), endedAt: z.string(), note: z.string(), taskId: z.string() })
  .partial();

export const addTimeSchema = z.object({
  timeEntryId: idSchema,
  taskId: idSchema,
  startedAt: instantSchema,
  endedAt: instantSchema,
  zone: timeZoneSchema,
  source: z.enum(['timer', 'manual']),
  note: noteSchema,
});

export const editTimeSchema = z.object({
  timeEntryId: idSchema,
  patch: z
    .object({
      startedAt: instantSchema,
      endedAt: instantSchema,
      note: noteSchema,
      taskId: idSchema,
    })
    .partial(),
  seen: seenEntrySchema,
});

export const deleteTimeSchema = z.object({
  timeEntryId: idSchema,
  deleted: z.boolean(),
  seen: seenEntrySchema,
});

export const rearrangeTimeSchema = z.object({
  kind: z.enum(['split', 'merge', 'undo', 'gap']),
  /** Entries that are there: a patch of each, and whether it goes or comes back. */
  changes: z.array(editTimeSchema.extend({ deleted: z.boolean().optional() })).max(100),
  /** New entries; `originId` names the one that they were part of. */
  additions: z.array(addTimeSchema.extend({ originId: idSchema.nullable() })).max(100),
});
export type RearrangeTime = z.output<typeof rearrangeTimeSchema>;

export const timeChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add'), args: addTimeSchema }),
  z.object({ kind: z.literal('edit'), args: editTimeSchema }),
  z.object({ kind: z.literal('delete'), args: deleteTimeSchema }),
  z.object({ kind: z.literal('rearrange'), args: rearrangeTimeSchema }),
]);
export type TimeChange = z.output<typeof timeChangeSchema>;

type Entry = DomainRow<'timeEntries'>;
type Seen = z.output<typeof seenEntrySchema>;

/** Every view adds up an entry day by day: one of some thousand years, mistyped or made up, would hold all of them up. */
const mostDays = 366;

function assertStretch(startedAt: string, endedAt: string): void {
  if (endedAt <= startedAt)
    throw new StintError(
      'invalid_input',
      `the end ${endedAt} does not lie after the start ${startedAt}`,
      { field: 'endedAt' },
    );
  if (computeEpochMs(endedAt) - computeEpochMs(startedAt) > mostDays * 86_400_000)
    throw new StintError(
      'invalid_input',
      `from ${startedAt} to ${endedAt} is more than a year; record it as several stretches`,
      { field: 'endedAt' },
    );
}

/** The entry, if it is this person's. */
export async function getOwnEntry(
  store: MutationStore,
  timeEntryId: string,
  { actor }: MutationContext,
): Promise<Entry> {
  const entry = await getRow(store, 'timeEntries', timeEntryId);
  if (entry.membershipId !== actor.membershipId)
    throw createRowNotFound('timeEntries', timeEntryId);
  return entry;
}

export async function insertEntry(
  store: MutationStore,
  args: z.output<typeof addTimeSchema>,
  context: MutationContext,
  place: { readonly originId: string | null; readonly timesheetId: string | null },
): Promise<DomainRow<'tasks'>> {
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
    ...place,
  });
  return task;
}

async function assertPatch(
  store: MutationStore,
  entry: Entry,
  patch: z.output<typeof editTimeSchema>['patch'],
  { actor }: MutationContext,
): Promise<void> {
  if (patch.startedAt !== undefined || patch.endedAt !== undefined)
    assertStretch(patch.startedAt ?? entry.startedAt, patch.endedAt ?? entry.endedAt);
  if (patch.taskId === undefined) return;
  const task = await getOwnTask(store, patch.taskId, actor);
  if (task.engagementId !== entry.engagementId)
    throw new StintError('refused', 'time can move between tasks of one engagement only', {
      field: 'taskId',
    });
}

/** A patch of an entry. An edit beats a delete: the entry comes back, marked (design, conflicts). */
export async function editEntry(
  store: MutationStore,
  { timeEntryId, patch, seen }: z.output<typeof editTimeSchema>,
  context: MutationContext,
  editId = '',
): Promise<void> {
  const entry = await getOwnEntry(store, timeEntryId, context);
  await assertPatch(store, entry, patch, context);
  await applyFieldEdits(store, 'timeEntries', entry, patch, seen, context, editId);
  await store.patch('timeEntries', timeEntryId, {
    updatedAt: context.at,
    ...(entry.deletedAt === null ? {} : { deletedAt: null, revivedAt: context.at }),
  });
}

const seenFields = ['startedAt', 'endedAt', 'note', 'taskId'] as const;

function wasEditedUnseen(entry: Entry, seen: Seen): boolean {
  return seenFields.some((field) => seen[field] !== undefined && seen[field] !== entry[field]);
}

/**
 * Deletes an entry, or takes the deletion back. If the entry is no longer what the person saw, someone's
 * edit came in between: the edit beats the delete, and the entry stays, marked (design, conflicts).
 *
 * @param keepsHistory whether the deletion itself is an edit that the entry's history shows.
 */
export async function deleteEntry(
  store: MutationStore,
  { timeEntryId, deleted, seen }: z.output<typeof deleteTimeSchema>,
  context: MutationContext,
  { keepsHistory, editId = '' }: { readonly keepsHistory: boolean; readonly editId?: string },
): Promise<void> {
  const entry = await getOwnEntry(store, timeEntryId, context);
  if (deleted && wasEditedUnseen(entry, seen)) {
    await store.patch('timeEntries', timeEntryId, { revivedAt: context.at });
    return;
  }
  const deletedAt = deleted ? (entry.deletedAt ?? context.at) : null;
  if (keepsHistory)
    await applyFieldEdits(store, 'timeEntries', entry, { deletedAt }, {}, context, editId);
  await store.patch('timeEntries', timeEntryId, { updatedAt: context.at, deletedAt });
}

/**
 * Several entries of one engagement at once, or none of them: a split, a merge, taking either back, or the stretches of
 * a gap that the person worked through. Each entry's history has its part of it.
 */
export async function rearrangeEntries(
  store: MutationStore,
  { changes, additions }: RearrangeTime,
  context: MutationContext,
): Promise<void> {
  const engagements = new Set<string>();
  for (const change of changes) {
    const { timeEntryId, patch, seen, deleted } = change;
    const editId = timeEntryId;
    const entry = await getOwnEntry(store, timeEntryId, context);
    engagements.add(entry.engagementId);
    if (deleted === undefined) await editEntry(store, change, context, editId);
    else {
      if (!deleted) {
        await assertPatch(store, entry, patch, context);
        await applyFieldEdits(store, 'timeEntries', entry, patch, seen, context, editId);
      }
      await deleteEntry(store, { timeEntryId, deleted, seen }, context, {
        keepsHistory: true,
        editId,
      });
    }
  }
  for (const { originId, ...addition } of additions) {
    const origin = originId === null ? undefined : await getOwnEntry(store, originId, context);
    if (origin !== undefined) engagements.add(origin.engagementId);
    const place = { originId, timesheetId: origin?.timesheetId ?? null };
    engagements.add((await insertEntry(store, addition, context, place)).engagementId);
  }
  if (engagements.size > 1)
    throw new StintError('refused', 'time can move between tasks of one engagement only', {
      field: 'taskId',
    });
}

/** Does a change, whatever is locked. */
export async function applyTimeChange(
  store: MutationStore,
  change: TimeChange,
  context: MutationContext,
): Promise<void> {
  switch (change.kind) {
    case 'add':
      await insertEntry(store, change.args, context, { originId: null, timesheetId: null });
      return;
    case 'edit':
      return editEntry(store, change.args, context);
    case 'delete':
      return deleteEntry(store, change.args, context, { keepsHistory: true });
    case 'rearrange':
      return rearrangeEntries(store, change.args, context);
    default:
      throw new Error(`unknown change ${(change satisfies never as TimeChange).kind}`);
  }
}
