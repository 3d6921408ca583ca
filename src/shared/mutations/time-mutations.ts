import { defineMutation, internRole } from './mutation.ts';
import {
  addTimeSchema,
  applyTimeChange,
  deleteEntry,
  deleteTimeSchema,
  editEntry,
  editTimeSchema,
  rearrangeTimeSchema,
} from './time-changes.ts';
import { requestIfLocked } from './time-locks.ts';
import { leaveOutRecorded } from './timer-stretches.ts';

/**
 * A stretch of work, from the timer or by hand. Inserting the same id twice is refused, so nothing doubles; of a timer, what
 * a copy of the workspace has recorded is left out (SY-16).
 */
export const addTime = defineMutation({
  name: 'time.add',
  version: 1,
  schema: addTimeSchema,
  by: internRole,
  label: 'Record time',
  async apply(store, args, context) {
    const change = await leaveOutRecorded(store, { kind: 'add', args }, context);
    if (change === undefined || (await requestIfLocked(store, change, context))) return;
    await applyTimeChange(store, change, context);
  },
});

export const editTime = defineMutation({
  name: 'time.edit',
  version: 1,
  schema: editTimeSchema,
  by: internRole,
  label: 'Edit recorded time',
  async apply(store, args, context) {
    if (await requestIfLocked(store, { kind: 'edit', args }, context)) return;
    await editEntry(store, args, context);
  },
});

/** As older programs delete; the entry's history does not show it. */
export const deleteTimeV1 = defineMutation({
  name: 'time.delete',
  version: 1,
  schema: deleteTimeSchema,
  by: internRole,
  label: 'Delete recorded time',
  async apply(store, args, context) {
    if (await requestIfLocked(store, { kind: 'delete', args }, context)) return;
    await deleteEntry(store, args, context, { keepsHistory: false });
  },
});

export const deleteTime = defineMutation({
  name: 'time.delete',
  version: 2,
  schema: deleteTimeSchema,
  by: internRole,
  label: 'Delete recorded time',
  async apply(store, args, context) {
    if (await requestIfLocked(store, { kind: 'delete', args }, context)) return;
    await deleteEntry(store, args, context, { keepsHistory: true });
  },
});

/** Splits, merges, takes either back, and what counts around a timer's gap; all of it or nothing. */
export const rearrangeTime = defineMutation({
  name: 'time.rearrange',
  version: 1,
  schema: rearrangeTimeSchema,
  by: internRole,
  label: 'Split or merge recorded time',
  async apply(store, args, context) {
    const change = await leaveOutRecorded(store, { kind: 'rearrange', args }, context);
    if (change === undefined || (await requestIfLocked(store, change, context))) return;
    await applyTimeChange(store, change, context);
  },
});
