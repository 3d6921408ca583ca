import { maximumSubmissionFiles } from '../../../shared/domain/manifest.ts';
import { StintError } from '../../../shared/errors.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadClockDifference } from '../sync/clock-difference.ts';
import { createManifestFiles, loadPreparedWork } from './drafts.ts';
import { FileLocator } from './file-items.ts';
import { getSubmission } from './submissions.ts';
import { getTaskItem } from './task-list.ts';

type SubmissionRequests = Record<
  'submission.preview' | 'submission.create' | 'submission.get',
  unknown
>;

async function hasReview(seat: Seat, submissionId: string): Promise<boolean> {
  const found = await seat.db
    .selectFrom('reviews')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('submissionId', '=', submissionId)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

export const submissionHandlers = {
  'submission.preview': async ({ seatId, taskId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const work = await loadPreparedWork(workspace, seat, taskId);
    const now = computeNow(workspace);
    const item = await getTaskItem(seat, taskId, now);
    const runningSeconds = await workspace.timer.computeRunningSeconds(seatId, taskId);
    return {
      files: await new FileLocator(workspace, seat).locateAll(work.files),
      note: work.note,
      tickedCount: work.ticked.length,
      criteriaCount: work.criteria.length,
      // The timer is stopped before the work is handed in, so what it has run counts already.
      workedSeconds: item.workedSeconds + runningSeconds,
      revision: (work.newest?.revision ?? 0) + 1,
      isOnTimeByThisClock: now <= item.due.instant,
      clockDifferenceMs: await loadClockDifference(seat, workspace.ports.clock),
      dueInstant: item.due.instant,
      isUnchanged: work.newest?.manifestHash === work.manifestHash,
    };
  },

  /** The draft stays as it is: it is what the next revision begins with. */
  'submission.create': async ({ seatId, taskId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const work = await loadPreparedWork(workspace, seat, taskId);
    if (work.files.length === 0 && work.note.trim() === '')
      throw new StintError(
        'invalid_input',
        'there is nothing to submit yet: attach a file or write a note first',
        {
          field: 'taskId',
        },
      );
    if (work.files.length > maximumSubmissionFiles)
      throw new StintError(
        'invalid_input',
        `there are ${work.files.length.toLocaleString('en')} files here, and one submission holds at most ${maximumSubmissionFiles.toLocaleString('en')}; put them into an archive, such as a ZIP file, and attach that`,
        { field: 'taskId' },
      );
    await workspace.timer.stopOn(seatId, taskId);
    const { newest, manifestHash } = work;
    // The same work handed in twice is one submission, until somebody has decided on it.
    if (newest?.manifestHash === manifestHash && !(await hasReview(seat, newest.id)))
      return { submissionId: newest.id, manifestHash };
    const submissionId = workspace.ports.randomness.uuid();
    await seat.mutate(
      'submission.create',
      {
        submissionId,
        taskId,
        briefVersionId: work.briefVersionId,
        deadlineId: work.deadlineId,
        note: work.note,
        ticked: work.ticked,
        files: createManifestFiles(workspace, work.files),
      },
      { subject: work.taskTitle },
    );
    return { submissionId, manifestHash };
  },

  'submission.get': async ({ seatId, submissionId }, workspace) =>
    getSubmission(workspace, getSeat(workspace, seatId), submissionId),
} satisfies HandlersOf<SubmissionRequests>;
