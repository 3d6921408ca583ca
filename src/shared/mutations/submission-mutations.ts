import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow, type MutationStore } from '../database/mutation-store.ts';
import { computeDeadlineInstant, computeLaterInstant } from '../domain/deadline.ts';
import { idSchema, textSchema } from '../domain/fields.ts';
import {
  computeManifestHash,
  manifestFileSchema,
  maximumSubmissionFiles,
} from '../domain/manifest.ts';
import type { SubmissionMark, SubmissionVerdict } from '../domain/submission-marks.ts';
import { computeVerdict, type VerdictInputs } from '../domain/verdict.ts';
import { computeWorkedSeconds } from '../domain/worked-time.ts';
import { defineMutation, internRole, type MutationContext } from './mutation.ts';
import { getOwnTask } from './ownership.ts';
import { computeTermsThatHold } from './terms-that-hold.ts';

/** How far the device can have seen the organization when the person acted. */
interface Sight {
  /** Up to which number, as the device says it, and as the server has signed it. */
  readonly baseSeq: number;
  /** By the server's clock; null where no anchor says it. */
  readonly anchorAt: string | null;
}

/**
 * Whether a deadline was replaced out of the device's sight: under a number that it had not reached, or after the
 * anchor. The time holds whatever the numbers say: those of a history that the server has lost (SY-15) mean other
 * changes by now.
 */
async function wasReplacedUnseen(
  store: MutationStore,
  deadline: DomainRow<'deadlines'>,
  { baseSeq, anchorAt }: Sight,
): Promise<boolean> {
  if (deadline.supersededSeq === null) return false;
  if (deadline.supersededSeq > baseSeq) return true;
  if (anchorAt === null) return false;
  const next = await findNextDeadline(store, deadline.taskId, deadline.supersededSeq);
  return next !== undefined && next.createdAt > anchorAt;
}

/** The deadline that took the place of the one that ended under this number. */
async function findNextDeadline(
  store: MutationStore,
  taskId: string,
  supersededSeq: number,
): Promise<{ readonly createdAt: string } | undefined> {
  const deadlines = await store.db
    .selectFrom('deadlines')
    .select(['createdAt', 'supersededSeq'])
    .where('orgId', '=', store.orgId)
    .where('taskId', '=', taskId)
    .execute();
  const getEnd = (row: { readonly supersededSeq: number | null }) =>
    row.supersededSeq ?? Number.MAX_SAFE_INTEGER;
  return deadlines
    .filter((row) => getEnd(row) > supersededSeq)
    .toSorted((left, right) => getEnd(left) - getEnd(right))[0];
}

/** The deadline that counts for a submission, and what went into it (SY-19). */
async function computeDeadlineThatCounts(
  store: MutationStore,
  task: DomainRow<'tasks'>,
  seenDeadlineId: string,
  sight: Sight,
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
  if (seen?.taskId !== task.id || !(await wasReplacedUnseen(store, seen, sight)))
    return { instant: current, countedSeen: false };
  const instant = computeLaterInstant(current, computeDeadlineInstant(seen, extensions));
  return { instant, countedSeen: instant !== current };
}

interface Reception {
  readonly receivedAt: string;
  readonly claimedAt: string;
  readonly verdict: SubmissionVerdict;
  readonly verdictInputs: VerdictInputs | null;
  /** The deadline that counted is the one that the intern could see. */
  readonly countedSeen: boolean;
}

/** SY-15: what the receipt of this very work states, where the server had received it before it lost it. */
function findEarlierReception(
  context: MutationContext,
  submission: { readonly orgId: string; readonly id: string; readonly manifestHash: string },
  taskId: string,
): Reception | undefined {
  const receipt = context.acknowledged?.receipt;
  if (
    receipt === undefined ||
    receipt === null ||
    receipt.orgId !== submission.orgId ||
    receipt.submissionId !== submission.id ||
    receipt.taskId !== taskId ||
    receipt.manifestHash !== submission.manifestHash
  )
    return undefined;
  const verdictInputs = receipt.format === 'stint-receipt-2' ? receipt.verdictInputs : null;
  return {
    receivedAt: receipt.receivedAt,
    claimedAt: receipt.claimedAt,
    verdict: receipt.verdict,
    verdictInputs,
    countedSeen: verdictInputs?.isSeenDeadline ?? false,
  };
}

/** SY-18: received now; undefined on the device, which cannot judge. */
async function computeReception(
  store: MutationStore,
  task: DomainRow<'tasks'>,
  engagement: DomainRow<'engagements'>,
  seenDeadlineId: string,
  context: MutationContext,
): Promise<Reception | undefined> {
  const { receivedAt, claimedAt, anchor } = context;
  if (receivedAt === null) return undefined;
  // SY-17: a device cannot say that it knew less than the server has signed that it was shown. A number that is not
  // reached yet belongs to a history that the server has lost (SY-15), and says nothing of this one.
  const shown = [context.baseSeq, anchor?.seq ?? 0].filter((seq) => seq < context.seq);
  const sight = { baseSeq: Math.max(0, ...shown), anchorAt: anchor?.at ?? null };
  const deadline = await computeDeadlineThatCounts(store, task, seenDeadlineId, sight);
  const project = await store.find('projects', engagement.projectId);
  const { verdict, inputs } = computeVerdict({
    deadline: deadline.instant,
    isSeenDeadline: deadline.countedSeen,
    graceMinutes: computeTermsThatHold(engagement, project)?.graceMinutes ?? 0,
    receivedAt,
    claimedAt,
    anchor,
  });
  return {
    receivedAt,
    claimedAt,
    verdict,
    verdictInputs: inputs,
    countedSeen: deadline.countedSeen,
  };
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
    files: z.array(manifestFileSchema).max(maximumSubmissionFiles),
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
    const earlier = findEarlierReception(
      context,
      { orgId: store.orgId, id: args.submissionId, manifestHash },
      task.id,
    );
    const repeatsNewest =
      newest?.manifestHash === manifestHash && !(await hasReview(store, newest.id));
    // What has a receipt was a revision of its own; the decision in between may have yet to come again.
    if (repeatsNewest && earlier === undefined) return;

    const marks = await computeMarks(store, task, engagement, args.briefVersionId);
    const reception =
      earlier ?? (await computeReception(store, task, engagement, args.deadlineId, context));
    const verdictInputs = reception?.verdictInputs ?? null;
    if (reception?.countedSeen === true) marks.push('deadline_moved_unseen');
    if (context.acknowledged !== null && earlier === undefined) marks.push('resent_after_restore');
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
      // A receipt that is honoured is honoured whole: it states what was claimed then, too.
      claimedAt: reception?.claimedAt ?? context.claimedAt,
      receivedAt: reception?.receivedAt ?? null,
      marksJson: JSON.stringify(marks),
      verdict: reception?.verdict ?? null,
      filesCompleteAt: args.files.length === 0 ? (reception?.receivedAt ?? null) : null,
      verdictInputsJson: verdictInputs === null ? null : JSON.stringify(verdictInputs),
      decidedVerdict: null,
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
      promisedWall: null,
      promisedZone: null,
      promisedBy: null,
      promisedAt: null,
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
