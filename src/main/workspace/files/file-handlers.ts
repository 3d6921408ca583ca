import type { Kysely } from 'kysely';
import type { fileRequests } from '../../../shared/contract/file-requests.ts';
import type { WorkspaceDatabase } from '../database/workspace-tables.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { cancelUpload } from './cancel-upload.ts';
import { checkFiles, computeFileSpace, freeFiles } from './file-space.ts';
import { importPaths } from './import-paths.ts';
import { offlineHandlers } from './offline-handlers.ts';
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

  ...offlineHandlers,

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

  'transfers.cancelFetch': async ({ seatId, sha256 }, workspace) => ({
    wasCancelled: workspace.sync.cancelFetch(seatId, sha256),
  }),

  'transfers.cancelUpload': async (args, workspace) => cancelUpload(workspace, args),

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
