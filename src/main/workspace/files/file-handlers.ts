import type { Kysely } from 'kysely';
import type { fileRequests, Offline } from '../../../shared/contract/file-requests.ts';
import { StintError } from '../../../shared/errors.ts';
import type { WorkspaceDatabase } from '../database/workspace-tables.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import { checkFiles, computeFileSpace, freeFiles } from './file-space.ts';
import { importPaths } from './import-paths.ts';
import { loadKeptChoices, loadKeptTasks } from './kept-contents.ts';
import { computeTransferState } from './transfer-state.ts';

/** No setting of its own in the interface: it is what the button for a pause remembers. */
const pausedSetting = 'transfersPaused';

export const fileHandlers: HandlersOf<typeof fileRequests> = {
  'files.imports': async (_args, workspace) => workspace.imports.list(),

  'files.cancelImport': async ({ importId }, workspace) => ({
    wasCancelled: workspace.imports.cancel(importId),
  }),

  'files.importPaths': async ({ paths }, workspace) => importPaths(workspace, paths),

  'files.space': async (_args, workspace) => computeFileSpace(workspace),

  'files.free': async (options, workspace) => freeFiles(workspace, options),

  'files.check': async (_args, workspace) => checkFiles(workspace),

  'files.offline': async ({ seatId, taskId }, workspace) => loadOffline(workspace, seatId, taskId),

  'files.keepOffline': async ({ seatId, taskId, isPinned }, workspace) => {
    const seat = getSeat(workspace, seatId);
    if (isPinned === null)
      await seat.db.deleteFrom('keptTasks').where('taskId', '=', taskId).execute();
    else {
      const task = await seat.db
        .selectFrom('tasks')
        .select('id')
        .where('orgId', '=', seat.record.orgId)
        .where('id', '=', taskId)
        .executeTakeFirst();
      if (task === undefined)
        throw new StintError('not_found', `there is no task ${taskId} here`, { field: 'taskId' });
      const isKept = isPinned ? 1 : 0;
      await seat.db
        .insertInto('keptTasks')
        .values({ taskId, isKept })
        .onConflict((conflict) => conflict.column('taskId').doUpdateSet({ isKept }))
        .execute();
    }
    workspace.sync.requestFiles();
    seat.announceChange(['attachments']);
    return loadOffline(workspace, seatId, taskId);
  },

  'transfers.state': async (_args, workspace) => computeTransferState(workspace),

  'transfers.pause': async (_args, workspace) => {
    await keepPaused(workspace.db, true);
    workspace.sync.control.pause();
    workspace.emit({ type: 'transfers' });
    return computeTransferState(workspace);
  },

  'transfers.resume': async (_args, workspace) => {
    await keepPaused(workspace.db, false);
    workspace.sync.control.resume();
    workspace.emit({ type: 'transfers' });
    return computeTransferState(workspace);
  },

  'transfers.reportConnection': async ({ isMetered }, workspace) => {
    workspace.sync.control.reportConnection(isMetered);
    workspace.emit({ type: 'transfers' });
    return {};
  },
};

/** Whether the person paused all that moves: that outlasts the program. */
export async function isPausedByPerson(db: Kysely<WorkspaceDatabase>): Promise<boolean> {
  const row = await db
    .selectFrom('settings')
    .select('valueJson')
    .where('name', '=', pausedSetting)
    .executeTakeFirst();
  return row?.valueJson === 'true';
}

async function keepPaused(db: Kysely<WorkspaceDatabase>, isPaused: boolean): Promise<void> {
  const valueJson = JSON.stringify(isPaused);
  await db
    .insertInto('settings')
    .values({ name: pausedSetting, valueJson })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ valueJson }))
    .execute();
}

async function loadOffline(workspace: Workspace, seatId: string, taskId: string): Promise<Offline> {
  const seat = getSeat(workspace, seatId);
  const choices = await loadKeptChoices(seat);
  const kept = await loadKeptTasks(seat, workspace.sync.control.keepsDueOffline);
  const contents = await seat.db
    .selectFrom('attachments')
    .select(['sha256', 'sizeBytes'])
    .distinct()
    .where('orgId', '=', seat.record.orgId)
    .where('taskId', '=', taskId)
    .where('removedAt', 'is', null)
    .execute();
  const areHere = await Promise.all(contents.map(({ sha256 }) => workspace.files.has(sha256)));
  const here = contents.filter((_content, index) => areHere[index]);
  const sum = (list: readonly { sizeBytes: number }[]) =>
    list.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  return {
    isPinned: choices.get(taskId) ?? null,
    isKept: kept.has(taskId),
    files: contents.length,
    filesHere: here.length,
    sizeBytes: sum(contents),
    bytesHere: sum(here),
  };
}
