import type { Workspace } from './workspace.ts';

/** Whether a timer runs on any seat: then nothing may restart the program. */
export async function hasRunningTimer(workspace: Workspace): Promise<boolean> {
  for (const seat of workspace.seats.list()) {
    const timer = await seat.db.selectFrom('timers').select('timeEntryId').executeTakeFirst();
    if (timer !== undefined) return true;
  }
  return false;
}
