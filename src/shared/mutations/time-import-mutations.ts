import { defineMutation, internRole } from './mutation.ts';
import { addTimeSchema, insertEntry } from './time-changes.ts';
import { getOwnTask } from './ownership.ts';
import { requestIfLocked } from './time-locks.ts';

/**
 * A stretch of work from another program's file. Its id is made from what the file says of it, so the same file imported again,
 * or on two devices, names the same entry: where it is there already, deleted or changed since, nothing is done.
 */
export const importTime = defineMutation({
  name: 'time.import',
  version: 1,
  schema: addTimeSchema,
  by: internRole,
  label: 'Import recorded time',
  async apply(store, args, context) {
    // First of all: to whom the task is not there, no entry of it is.
    await getOwnTask(store, args.taskId, context.actor);
    if ((await store.find('timeEntries', args.timeEntryId)) !== undefined) return;
    if (await requestIfLocked(store, { kind: 'add', args }, context)) return;
    await insertEntry(store, args, context, { originId: null, timesheetId: null });
  },
});
