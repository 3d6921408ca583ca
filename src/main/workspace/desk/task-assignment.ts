import type { ManifestFile } from '../../../shared/domain/manifest.ts';
import { maximumSeenBriefs } from '../../../shared/mutations/brief-mutations.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import { loadBriefVersions } from '../work/briefs.ts';
import { getAttachedFile } from '../work/file-items.ts';
import { createFileUse } from '../work/staged-files.ts';
import { getTaskRow } from '../work/task-list.ts';

type AssignmentRequests = Record<
  | 'task.assign'
  | 'task.edit'
  | 'task.reviseBrief'
  | 'task.moveDeadline'
  | 'task.extend'
  | 'task.cancel'
  | 'task.addReference'
  | 'task.removeReference',
  unknown
>;

/** What an employer does with a task. Every change but the first names the task's present title. */
export const taskAssignmentHandlers = {
  'task.assign': async ({ seatId, criteria, referenceStagedIds, ...task }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { randomness } = workspace.ports;
    const references: ManifestFile[] = [];
    for (const [index, stagedId] of referenceStagedIds.entries())
      references.push(await createFileUse(workspace, stagedId, `referenceStagedIds.${index}`));
    const taskId = randomness.uuid();
    await seat.mutate(
      'task.assign',
      {
        ...task,
        taskId,
        briefVersionId: randomness.uuid(),
        deadlineId: randomness.uuid(),
        criteria: criteria.map((text) => ({ id: randomness.uuid(), text })),
        references,
      },
      { subject: task.title },
    );
    return { taskId };
  },

  'task.edit': async ({ seatId, taskId, patch, seen }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title, estimateMinutes } = await getTaskRow(seat, taskId);
    await seat.mutate(
      'task.edit',
      { taskId, patch, seen: seen ?? { title, estimateMinutes } },
      { subject: patch.title ?? title },
    );
    return {};
  },

  'task.reviseBrief': async ({ seatId, taskId, instructions, criteria }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { randomness } = workspace.ports;
    const { title } = await getTaskRow(seat, taskId);
    const briefVersionId = randomness.uuid();
    await seat.mutate(
      'task.reviseBrief',
      {
        taskId,
        briefVersionId,
        instructions,
        criteria: criteria.map(({ id, text }) => ({ id: id ?? randomness.uuid(), text })),
        seen: (await loadBriefVersions(seat, taskId))
          .slice(0, maximumSeenBriefs)
          .map((brief) => brief.briefVersionId),
      },
      { subject: title },
    );
    return { briefVersionId };
  },

  'task.moveDeadline': async ({ seatId, taskId, deadline }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, taskId);
    const deadlineId = workspace.ports.randomness.uuid();
    await seat.mutate('task.moveDeadline', { taskId, deadlineId, deadline }, { subject: title });
    return {};
  },

  'task.extend': async ({ seatId, taskId, ...extra }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, taskId);
    const extensionId = workspace.ports.randomness.uuid();
    await seat.mutate('task.extend', { extensionId, taskId, ...extra }, { subject: title });
    return {};
  },

  'task.cancel': async ({ seatId, taskId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, taskId);
    await seat.mutate('task.cancel', { taskId }, { subject: title });
    return {};
  },

  'task.addReference': async ({ seatId, taskId, stagedId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, taskId);
    const file = await createFileUse(workspace, stagedId, 'stagedId');
    await seat.mutate('task.addReference', { taskId, file }, { subject: title });
    return getAttachedFile(workspace, seat, file.attachmentId);
  },

  'task.removeReference': async ({ seatId, attachmentId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const file = await seat.db
      .selectFrom('attachments')
      .select('name')
      .where('orgId', '=', seat.record.orgId)
      .where('id', '=', attachmentId)
      .executeTakeFirst();
    await seat.mutate('task.removeReference', { attachmentId }, { subject: file?.name ?? '' });
    return {};
  },
} satisfies HandlersOf<AssignmentRequests>;
