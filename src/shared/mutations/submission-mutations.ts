import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import {
  computeDeadlineInstant,
  computeInstantPlusMinutes,
  computeLaterInstant,
  isAfterDeadline,
} from '../domain/deadline.ts';
import { idSchema, textSchema } from '../domain/fields.ts';
import { computeManifestHash, manifestFileSchema } from '../domain/manifest.ts';
import type { SubmissionMark, SubmissionVerdict } from '../domain/submission-marks.ts';
import { computeWorkedSeconds } from '../domain/worked-time.ts';
import { defineMutation, internRole, type MutationContext } from './mutation.ts';
import { getOwnTask } from './ownership.ts';

/** The deadline that counts for a submission, and what went into it (SY-19). */
async function computeDeadlineThatCounts(
  store: MutationStore,
  task: DomainRow<'tasks'>,
  seenDeadlineId: string,
  baseSeq: number,
): Promise<{ instant: string; countedSeen: boolean }> {
  const extensions = await store.db
    .selectFrom('extensions')
    .select(['days', 'minutes'])
    .where('orgId', '=', store.orgId)
    .where('taskId', '=', task.id)
    .orderBy('createdAt')
    .execute();
  const current = computeDeadlineInstant(
    await getRow(store, 'deadlines', task.deadlineId),
    extensions,
  );
  const seen = await store.find('deadlines', seenDeadlineId);
  const wasReplacedUnseen =
    seen !== undefined &&
    seen.taskId === task.id &&
    seen.supersededSeq !== null &&
    seen.supersededSeq > baseSeq;
  if (!wasReplacedUnseen) return { instant: current, countedSeen: false };
  const instant = computeLaterInstant(current, computeDeadlineInstant(seen, extensions));
  return { instant, countedSeen: instant !== current };
}

/** SY-18, as far as one clock can tell: on time by receipt, on time by the device's clock within grace, or late. */
function computeVerdict(
  deadlineInstant: string,
  graceMinutes: number,
  context: { readonly claimedAt: string; readonly receivedAt: string },
): SubmissionVerdict {
  if (!isAfterDeadline(context.receivedAt, deadlineInstant)) return 'on_time';
  const withinGrace = !isAfterDeadline(
    context.receivedAt,
    computeInstantPlusMinutes(deadlineInstant, graceMinutes),
  );
  return withinGrace && !isAfterDeadline(context.claimedAt, deadlineInstant)
    ? 'on_time_by_device_clock'
    : 'late';
}

async function computeMarks(
  store: MutationStore,
  task: DomainRow<'tasks'>,
  engagement: DomainRow<'engagements'>,
  briefVersionId: string,
): Promise<SubmissionMark[]> {
  const project = await store.find('projects', engagement.projectId);
  const marks: SubmissionMark[] = [];
  if (task.briefVersionId !== briefVersionId) marks.push('brief_changed');
  if (task.cancelledAt !== null) marks.push('task_cancelled');
  if (engagement.status !== 'active') marks.push('engagement_ended');
  if (project !== undefined && project.closedAt !== null) marks.push('project_closed');
  return marks;
}

async function insertManifestFiles(
  store: MutationStore,
  submission: { id: string; taskId: string; scope: string },
  files: z.output<typeof manifestFileSchema>[],
  context: MutationContext,
): Promise<void> {
  for (const { attachmentId, ...content } of files) {
    await store.insert('attachments', {
      orgId: store.orgId,
      id: attachmentId,
      scope: submission.scope,
      ownerKind: 'submission',
      ownerId: submission.id,
      taskId: submission.taskId,
      ...content,
      createdBy: context.actor.membershipId,
      createdAt: context.at,
      removedAt: null,
      arrivedAt: null,
    });
  }
}

/**
 * Hands in a task's work as a new, immutable revision. Never refused for its circumstances (SY-8): a task
 * changed or closed in between, or a deadline passed, becomes a mark. Accepted before its files have
 * arrived (SY-9). The same work sent twice, before anyone decided on it, stays one submission.
 */
export const createSubmission = defineMutation({
  name: 'submission.create',
  version: 1,
  schema: z.object({
    submissionId: idSchema,
    taskId: idSchema,
    briefVersionId: idSchema,
    /** The deadline that the intern could see. */
    deadlineId: idSchema,
    note: textSchema,
    ticked: z.array(idSchema).max(100),
    files: z.array(manifestFileSchema).max(2000),
  }),
  by: internRole,
  label: 'Submit work',
  async apply(store, args, context) {
    const task = await getOwnTask(store, args.taskId, context.actor);
    const engagement = await getRow(store, 'engagements', task.engagementId);
    const manifestHash = computeManifestHash(args, context.sha256Hex);
    const newest = await store.db
      .selectFrom('submissions')
      .select(['id', 'revision', 'manifestHash'])
      .where('orgId', '=', store.orgId)
      .where('taskId', '=', task.id)
      .orderBy('revision', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (newest?.manifestHash === manifestHash && !(await hasReview(store, newest.id))) return;

    const marks = await computeMarks(store, task, engagement, args.briefVersionId);
    let verdict: SubmissionVerdict | null = null;
    if (context.receivedAt !== null) {
      const deadline = await computeDeadlineThatCounts(
        store,
        task,
        args.deadlineId,
        context.baseSeq,
      );
      if (deadline.countedSeen) marks.push('deadline_moved_unseen');
      const project = await store.find('projects', engagement.projectId);
      verdict = computeVerdict(deadline.instant, project?.graceMinutes ?? 0, {
        claimedAt: context.claimedAt,
        receivedAt: context.receivedAt,
      });
    }
    const entries = await store.db
      .selectFrom('timeEntries')
      .select(['startedAt', 'endedAt'])
      .where('orgId', '=', store.orgId)
      .where('taskId', '=', task.id)
      .where('deletedAt', 'is', null)
      .execute();
    await store.insert('submissions', {
      orgId: store.orgId,
      id: args.submissionId,
      scope: task.scope,
      taskId: task.id,
      engagementId: task.engagementId,
      revision: (newest?.revision ?? 0) + 1,
      briefVersionId: args.briefVersionId,
      deadlineId: args.deadlineId,
      note: args.note,
      tickedJson: JSON.stringify(args.ticked),
      manifestJson: JSON.stringify(args.files),
      manifestHash,
      workedSeconds: computeWorkedSeconds(entries),
      submittedBy: context.actor.membershipId,
      claimedAt: context.claimedAt,
      receivedAt: context.receivedAt,
      marksJson: JSON.stringify(marks),
      verdict,
      filesCompleteAt: args.files.length === 0 ? context.receivedAt : null,
      verdictInputsJson: null,
      decidedVerdict: null,
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
    });
    await insertManifestFiles(
      store,
      { id: args.submissionId, taskId: task.id, scope: task.scope },
      args.files,
      context,
    );
  },
});

async function hasReview(store: MutationStore, submissionId: string): Promise<boolean> {
  const found = await store.db
    .selectFrom('reviews')
    .select('id')
    .where('orgId', '=', store.orgId)
    .where('submissionId', '=', submissionId)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
