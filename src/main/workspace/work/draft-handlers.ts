import type { ManifestFile } from '../../../shared/domain/manifest.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import {
  assertCanComeBack,
  getNoteVersion,
  loadFileVersions,
  loadNoteVersions,
} from './draft-versions.ts';
import { getAttachedFile } from './file-items.ts';
import { continueStretch } from './note-stretches.ts';
import { createFileUse } from './staged-files.ts';
import { getTaskRow } from './task-list.ts';

type DraftRequests = Record<
  | 'task.acknowledgeBrief'
  | 'draft.writeNote'
  | 'draft.tickCriterion'
  | 'draft.attach'
  | 'draft.detach'
  | 'draft.listVersions'
  | 'draft.bringBackNote',
  unknown
>;

async function hasAcknowledged(
  seat: Seat,
  taskId: string,
  briefVersionId: string,
): Promise<boolean> {
  const found = await seat.db
    .selectFrom('briefAcknowledgements')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('taskId', '=', taskId)
    .where('briefVersionId', '=', briefVersionId)
    .where('membershipId', '=', seat.record.membershipId)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

async function findFileName(seat: Seat, attachmentId: string): Promise<string> {
  const row = await seat.db
    .selectFrom('attachments')
    .select('name')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', attachmentId)
    .executeTakeFirst();
  return row?.name ?? '';
}

/** Whether it was attached by an earlier request, of which the answer was not heard. */
async function isAttached(seat: Seat, taskId: string, file: ManifestFile): Promise<boolean> {
  const row = await seat.db
    .selectFrom('attachments')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', file.attachmentId)
    .where('ownerKind', '=', 'draft')
    .where('ownerId', '=', taskId)
    .where('sha256', '=', file.sha256)
    .where('createdBy', '=', seat.record.membershipId)
    .executeTakeFirst();
  return row !== undefined;
}

export const draftHandlers = {
  'task.acknowledgeBrief': async ({ seatId, taskId, briefVersionId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, taskId);
    if (await hasAcknowledged(seat, taskId, briefVersionId)) return {};
    await seat.mutate(
      'task.acknowledgeBrief',
      { acknowledgementId: workspace.ports.randomness.uuid(), taskId, briefVersionId },
      { subject: title },
    );
    return {};
  },

  'draft.writeNote': async ({ seatId, taskId, note }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, taskId);
    const writing = await continueStretch(workspace, seat, taskId, note);
    await seat.mutate('draft.writeNote', { taskId, note, ...writing }, { subject: title });
    return {};
  },

  'draft.tickCriterion': async ({ seatId, taskId, criterionId, ticked }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, taskId);
    await seat.mutate('draft.tickCriterion', { taskId, criterionId, ticked }, { subject: title });
    return {};
  },

  'draft.attach': async ({ seatId, taskId, stagedId, attachmentId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, taskId);
    const use = await createFileUse(workspace, stagedId, 'stagedId');
    const file = attachmentId === undefined ? use : { ...use, attachmentId };
    if (await isAttached(seat, taskId, file))
      return getAttachedFile(workspace, seat, file.attachmentId);
    await seat.mutate('draft.attach', { taskId, file }, { subject: title });
    return getAttachedFile(workspace, seat, file.attachmentId);
  },

  'draft.detach': async ({ seatId, attachmentId, detached }, workspace) => {
    const seat = getSeat(workspace, seatId);
    if (!detached) await assertCanComeBack(seat, attachmentId);
    const subject = await findFileName(seat, attachmentId);
    await seat.mutate('draft.detach', { attachmentId, detached }, { subject });
    return {};
  },

  'draft.listVersions': async ({ seatId, taskId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    await getTaskRow(seat, taskId);
    return {
      notes: await loadNoteVersions(seat, taskId),
      files: await loadFileVersions(workspace, seat, taskId),
    };
  },

  'draft.bringBackNote': async ({ seatId, taskId, versionId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, taskId);
    const note = await getNoteVersion(seat, taskId, versionId);
    const writing = await continueStretch(workspace, seat, taskId, note, { startsAnew: true });
    await seat.mutate('draft.writeNote', { taskId, note, ...writing }, { subject: title });
    return { note };
  },
} satisfies HandlersOf<DraftRequests>;
