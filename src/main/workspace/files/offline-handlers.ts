import type { fileRequests, Offline } from '../../../shared/contract/file-requests.ts';
import { StintError } from '../../../shared/errors.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { getAttachedFile } from '../work/file-items.ts';
import { freeFiles } from './file-space.ts';
import { loadKeptChoices, loadKeptTasks } from './kept-contents.ts';

type OfflineRequests = Pick<
  typeof fileRequests,
  'files.offline' | 'files.keepOffline' | 'files.keepFile' | 'files.fetchTask'
>;

/** What of a task, and which single files, belongs on this computer. */
export const offlineHandlers: HandlersOf<OfflineRequests> = {
  'files.offline': async ({ seatId, taskId }, workspace) =>
    loadOffline(workspace, getSeat(workspace, seatId), taskId),

  'files.keepOffline': async ({ seatId, taskId, isPinned, frees }, workspace) => {
    const seat = getSeat(workspace, seatId);
    if (isPinned === null)
      await seat.db.deleteFrom('keptTasks').where('taskId', '=', taskId).execute();
    else {
      await assertTask(seat, taskId);
      const isKept = isPinned ? 1 : 0;
      await seat.db
        .insertInto('keptTasks')
        .values({ taskId, isKept })
        .onConflict((conflict) => conflict.column('taskId').doUpdateSet({ isKept }))
        .execute();
    }
    const named = new Set((await loadContents(seat, taskId)).map(({ sha256 }) => sha256));
    const freedBytes = frees
      ? (await freeFiles(workspace, { includesKept: false, named })).freedBytes
      : 0;
    workspace.sync.requestFiles();
    seat.announceChange(['attachments']);
    return { ...(await loadOffline(workspace, seat, taskId)), freedBytes };
  },

  'files.keepFile': async ({ seatId, attachmentId, isPinned }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const file = await seat.db
      .selectFrom('attachments')
      .select('sha256')
      .where('orgId', '=', seat.record.orgId)
      .where('id', '=', attachmentId)
      .executeTakeFirst();
    if (file === undefined)
      throw new StintError('not_found', `there is no file ${attachmentId} here`, {
        field: 'attachmentId',
      });
    if (isPinned === null)
      await seat.db.deleteFrom('keptFiles').where('attachmentId', '=', attachmentId).execute();
    else {
      const isKept = isPinned ? 1 : 0;
      await seat.db
        .insertInto('keptFiles')
        .values({ attachmentId, isKept })
        .onConflict((conflict) => conflict.column('attachmentId').doUpdateSet({ isKept }))
        .execute();
    }
    const named = new Set([file.sha256]);
    const freedBytes =
      isPinned === false
        ? (await freeFiles(workspace, { includesKept: false, named })).freedBytes
        : 0;
    workspace.sync.requestFiles();
    seat.announceChange(['attachments']);
    return { file: await getAttachedFile(workspace, seat, attachmentId), freedBytes };
  },

  'files.fetchTask': async ({ seatId, taskId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    await assertTask(seat, taskId);
    for (const { sha256, sizeBytes, isOnServer } of await loadContents(seat, taskId))
      if (isOnServer) await workspace.sync.fetchFile(seatId, sha256, sizeBytes);
    return loadOffline(workspace, seat, taskId);
  },
};

async function assertTask(seat: Seat, taskId: string): Promise<void> {
  const task = await seat.db
    .selectFrom('tasks')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  if (task === undefined)
    throw new StintError('not_found', `there is no task ${taskId} here`, { field: 'taskId' });
}

interface Content {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly isOnServer: boolean;
}

/** What a task's files hold, each once, small ones first. */
async function loadContents(seat: Seat, taskId: string): Promise<Content[]> {
  const uses = await seat.db
    .selectFrom('attachments')
    .select(['sha256', 'sizeBytes', 'arrivedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('taskId', '=', taskId)
    .where('removedAt', 'is', null)
    .orderBy('sizeBytes')
    .execute();
  const contents = new Map<string, Content>();
  for (const { sha256, sizeBytes, arrivedAt } of uses) {
    const isOnServer = arrivedAt !== null || contents.get(sha256)?.isOnServer === true;
    contents.set(sha256, { sha256, sizeBytes, isOnServer });
  }
  return [...contents.values()];
}

async function loadOffline(workspace: Workspace, seat: Seat, taskId: string): Promise<Offline> {
  const choices = await loadKeptChoices(seat);
  const kept = await loadKeptTasks(seat, workspace.sync.control.keepsDueOffline);
  const contents = await loadContents(seat, taskId);
  const areHere = await Promise.all(contents.map(({ sha256 }) => workspace.files.has(sha256)));
  const here = contents.filter((_content, index) => areHere[index]);
  const sum = (list: readonly Content[]) =>
    list.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  return {
    isPinned: choices.get(taskId) ?? null,
    isKept: kept.has(taskId),
    files: contents.length,
    filesHere: here.length,
    filesOnServer: contents.filter(({ isOnServer }) => isOnServer).length,
    sizeBytes: sum(contents),
    bytesHere: sum(here),
  };
}
