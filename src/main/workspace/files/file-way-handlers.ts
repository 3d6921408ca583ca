import { join } from 'node:path';
import { canRun, isProgram } from '../../../shared/domain/runnable-types.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { computeSafeFileName } from '../../../shared/domain/safe-file-name.ts';
import { StintError } from '../../../shared/errors.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import { layOutCopy } from './lay-out-copy.ts';

type FileRequests = Record<'files.ways' | 'files.open' | 'files.show' | 'files.drag', unknown>;

interface FileKey {
  readonly seatId: string;
  readonly attachmentId: string;
}

async function findFile(workspace: Workspace, { seatId, attachmentId }: FileKey) {
  const seat = getSeat(workspace, seatId);
  const file = await seat.db
    .selectFrom('attachments')
    .select(['sha256', 'sizeBytes', 'name'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', attachmentId)
    .executeTakeFirst();
  if (file === undefined)
    throw new StintError('not_found', `there is no file ${attachmentId} here`);
  return file;
}

/** A copy for other programs; each file has a folder of its own, below the exports, since two may have one name. */
async function copyOut(workspace: Workspace, key: FileKey): Promise<string> {
  const { sha256, sizeBytes, name } = await findFile(workspace, key);
  await workspace.sync.fetchFile(key.seatId, sha256, sizeBytes);
  return layOutCopy({
    content: workspace.files.path(sha256),
    sha256,
    fileName: computeSafeFileName(name),
    folder: join(workspace.exportsFolder, 'opened', key.attachmentId),
  });
}

function refuseHere(what: string): StintError {
  return new StintError('unavailable', `this host cannot ${what}; save the file instead`);
}

export const fileWayHandlers = {
  'files.ways': async (_args, { host }) => ({
    canOpen: host.openPath !== undefined,
    canShow: host.showInFolder !== undefined,
    canDrag: host.startDrag !== undefined,
  }),

  'files.open': async ({ isWarned, ...key }, workspace) => {
    const { openPath } = workspace.host;
    if (openPath === undefined) throw refuseHere('open files with other programs');
    const { name } = await findFile(workspace, key);
    if (isProgram(name))
      throw new StintError(
        'refused',
        `"${computeReadableName(name)}" would run on this computer, so Stint does not open it; show it in its folder, or save it`,
      );
    if (!isWarned && canRun(name))
      throw new StintError(
        'refused',
        `"${computeReadableName(name)}" can run on this computer; open it only if you trust who made it`,
        { field: 'isWarned' },
      );
    await openPath(await copyOut(workspace, key));
    return {};
  },

  'files.show': async (key, workspace) => {
    const { showInFolder } = workspace.host;
    if (showInFolder === undefined) throw refuseHere('show files in their folder');
    await showInFolder(await copyOut(workspace, key));
    return {};
  },

  'files.drag': async (key, workspace) => {
    const { startDrag } = workspace.host;
    if (startDrag === undefined) throw refuseHere('drag files out of its window');
    await startDrag(await copyOut(workspace, key));
    return {};
  },
} satisfies HandlersOf<FileRequests>;
