import { createHash } from 'node:crypto';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { type BundleOptions, wholeBundle } from '../../../shared/domain/bundle-options.ts';
import { computeDeadlineInstant, computeExtendedWall } from '../../../shared/domain/deadline.ts';
import type { Criterion } from '../../../shared/domain/fields.ts';
import { computeKnownZone } from '../../../shared/domain/known-zone.ts';
import type { ManifestFile } from '../../../shared/domain/manifest.ts';
import type { ReceiptStatement } from '../../../shared/domain/receipt.ts';
import type { SubmissionMark } from '../../../shared/domain/submission-marks.ts';
import { computeTaskState } from '../../../shared/domain/task-state.ts';
import { computeCoveredSeconds, computeWorkedSeconds } from '../../../shared/domain/worked-time.ts';
import type { VerdictInputs } from '../../../shared/domain/verdict.ts';
import { computePay } from '../../../shared/mutations/project-mutations.ts';
import { computeTermsThatHold } from '../../../shared/mutations/terms-that-hold.ts';
import {
  computeAmendments,
  computeEvaluations,
  computeQuestions,
  computeTimeChanges,
  computeTimesheets,
} from './compute-agreement-parts.ts';
import { readRemarks } from '../../../shared/domain/annotation.ts';
import type {
  BundledFile,
  BundledReview,
  BundledSubmission,
  BundledTask,
  EngagementDocument,
  MissingFile,
} from '../../../shared/bundle/engagement-document.ts';
import { computeNewestMoment, type EngagementRows } from './load-engagement-rows.ts';
import { computeSafeFileName, NamesInFolder } from '../../../shared/domain/safe-file-name.ts';

export type MissingReasons = ReadonlyMap<string, MissingFile['reason']>;

/**
 * What the bundle says, from the rows. Pure: the same rows and the same missing contents give the same
 * document, paths included.
 *
 * @param missing SHA-256 of each content that could not be had → why.
 * @param options what the rows were chosen by.
 */
export function computeEngagementDocument(
  rows: EngagementRows,
  missing: MissingReasons,
  options: BundleOptions = wholeBundle,
): EngagementDocument {
  const { organization, project, engagement } = rows;
  // By path: a reference that several tasks name is missing once.
  const missingFiles = new Map<string, MissingFile>();
  const placeFile = (path: string, file: ManifestFile): BundledFile => {
    const reason = missing.get(file.sha256);
    const { attachmentId, name, sha256, sizeBytes, mediaType } = file;
    if (reason !== undefined) missingFiles.set(path, { path, name, sha256, sizeBytes, reason });
    return {
      attachmentId,
      name,
      path: reason === undefined ? path : null,
      sha256,
      sizeBytes,
      mediaType,
    };
  };
  const placeReference = createReferencePlaces(placeFile);
  // The project as it was offered to this person; its name and kind say which one it is, and are today's.
  const terms = computeTermsThatHold(engagement, project);
  const people = new Map(rows.memberships.map((person) => [person.id, person]));
  const computeName = (membershipId: string): string =>
    people.get(membershipId)?.displayName ?? 'somebody who is not known here';
  const intern = engagement.membershipId === null ? undefined : people.get(engagement.membershipId);
  const tasks = rows.tasks.map((task, index) =>
    computeTask(rows, task, index + 1, { computeName, placeFile, placeReference, options }),
  );
  return {
    format: 'stint-engagement',
    version: 2,
    contents: {
      revisions: options.submissionIds === null ? options.revisions : 'chosen',
      hours: options.hours,
      evaluations: options.evaluations,
      namesRedacted: options.redactsNames,
    },
    organization: {
      id: organization.id,
      name: organization.name,
      timeZone: organization.timeZone,
      receiptKey: {
        id: organization.receiptKeyId,
        algorithm: 'Ed25519',
        publicKeySpki: organization.receiptPublicKey,
      },
    },
    project: {
      id: project.id,
      title: project.title,
      brief: terms.brief,
      category: project.category,
      categoryName: project.categoryName,
      hourBudgetMinutes: terms.hourBudgetMinutes,
      pay: terms.pay,
      timeZone: terms.timeZone,
      startsOn: terms.startsOn,
      endsOn: terms.endsOn,
      graceMinutes: terms.graceMinutes,
      latePolicy: terms.latePolicy,
      roundsIncluded: terms.roundsIncluded,
      rubric: terms.rubric,
      createdAt: project.createdAt,
      closedAt: project.closedAt,
    },
    engagement: {
      id: engagement.id,
      status: engagement.status,
      intern: {
        membershipId: engagement.membershipId,
        name: intern?.displayName ?? engagement.invitedName,
        email: intern?.email ?? engagement.invitedEmail,
        timeZone: intern?.timeZone ?? null,
        role: intern?.role ?? null,
      },
      hourBudgetMinutes: engagement.hourBudgetMinutes,
      pay: computePay(engagement),
      startsOn: engagement.startsOn,
      endsOn: engagement.endsOn,
      createdAt: engagement.createdAt,
      agreedAt: engagement.agreedAt,
      endedAt: engagement.endedAt,
      endReason: engagement.endReason,
      scope: engagement.scopeText,
      agreement:
        engagement.agreementJson === null
          ? null
          : (JSON.parse(engagement.agreementJson) as unknown),
      confirmedHash: engagement.confirmedHash,
    },
    employers: rows.memberships
      .filter(({ role }) => role !== 'intern')
      .map(({ id, displayName, email, timeZone, role }) => ({
        membershipId: id,
        name: displayName,
        email,
        timeZone,
        role,
      })),
    tasks,
    amendments: computeAmendments(rows, computeName),
    timesheets: computeTimesheets(rows, computeName),
    timeChanges: computeTimeChanges(rows, computeName),
    evaluations: computeEvaluations(rows, computeName),
    timeEntries: (options.hours ? rows.timeEntries : []).map((entry) => ({
      id: entry.id,
      taskId: entry.taskId,
      startedAt: entry.startedAt,
      endedAt: entry.endedAt,
      seconds: computeWorkedSeconds([entry]),
      zone: entry.zone,
      source: entry.source,
      note: entry.note,
    })),
    totals: options.hours
      ? {
          workedSeconds: computeWorkedSeconds(rows.timeEntries),
          coveredSeconds: computeCoveredSeconds(rows.timeEntries),
        }
      : null,
    missing: [...missingFiles.values()],
    newestAt: computeNewestMoment(rows),
  };
}

/** Every file in the document that has a place in the bundle, each path once. */
export function listBundledFiles(document: EngagementDocument): BundledFile[] {
  const byPath = new Map<string, BundledFile>();
  for (const task of document.tasks) {
    const files = [...task.references, ...task.submissions.flatMap(({ files: own }) => own)];
    for (const file of files) if (file.path !== null) byPath.set(file.path, file);
  }
  return [...byPath.values()];
}

interface Placing {
  readonly computeName: (membershipId: string) => string;
  readonly placeFile: (path: string, file: ManifestFile) => BundledFile;
  readonly placeReference: (file: ManifestFile) => BundledFile;
  readonly options: BundleOptions;
}

/** References often serve several tasks: the same content under the same name lies in the bundle once. */
function createReferencePlaces(placeFile: Placing['placeFile']): Placing['placeReference'] {
  const names = new NamesInFolder();
  const places = new Map<string, string>();
  return (file) => {
    const key = `${file.sha256} ${file.name}`;
    const path = places.get(key) ?? `references/${names.take(file.name)}`;
    places.set(key, path);
    return placeFile(path, file);
  };
}

function computeTask(
  rows: EngagementRows,
  task: DomainRow<'tasks'>,
  number: number,
  placing: Placing,
): BundledTask {
  const ofTask = <Row extends { readonly taskId: string }>(all: readonly Row[]): Row[] =>
    all.filter(({ taskId }) => taskId === task.id);
  const folder = computeTaskFolder(number, task.title);
  const extensions = ofTask(rows.extensions);
  const entries = ofTask(rows.timeEntries);
  const reviews = ofTask(rows.reviews).filter(({ counts }) => counts === 1);
  const submissions = ofTask(rows.submissions);
  const decisions = new Map(reviews.map((review) => [review.submissionId, review.decision]));
  const newest = submissions.at(-1);
  return {
    id: task.id,
    number,
    title: task.title,
    folder,
    state: computeTaskState({
      isCancelled: task.cancelledAt !== null,
      hasSubmission: newest !== undefined,
      newestDecision: newest === undefined ? null : (decisions.get(newest.id) ?? null),
      hasAcceptedRevision: [...decisions.values()].includes('accepted'),
      hasBegun: entries.length > 0,
    }),
    estimateMinutes: task.estimateMinutes,
    workedSeconds: placing.options.hours ? computeWorkedSeconds(entries) : null,
    due: computeDue(rows, task, extensions),
    deadlines: ofTask(rows.deadlines).map((deadline) => ({
      id: deadline.id,
      wall: deadline.wall,
      zone: deadline.zone,
      setAt: deadline.createdAt,
      setBy: placing.computeName(deadline.createdBy),
    })),
    extensions: extensions.map((extension) => ({
      days: extension.days,
      minutes: extension.minutes,
      reason: extension.reason,
      givenAt: extension.createdAt,
      givenBy: placing.computeName(extension.createdBy),
    })),
    briefVersions: ofTask(rows.briefVersions).map((brief) => ({
      id: brief.id,
      version: brief.version,
      path: `${folder}/brief-v${brief.version}.md`,
      instructions: brief.instructions,
      criteria: JSON.parse(brief.criteriaJson) as Criterion[],
      writtenAt: brief.createdAt,
      writtenBy: placing.computeName(brief.createdBy),
    })),
    currentBriefVersionId: task.briefVersionId,
    acknowledgements: ofTask(rows.briefAcknowledgements).map((acknowledgement) => ({
      briefVersionId: acknowledgement.briefVersionId,
      by: placing.computeName(acknowledgement.membershipId),
      at: acknowledgement.acknowledgedAt,
    })),
    questions: computeQuestions(rows, task.id, placing.computeName),
    references: ofTask(rows.attachments)
      .filter(({ ownerKind, removedAt }) => ownerKind === 'task' && removedAt === null)
      .map(({ id, name, sha256, sizeBytes, mediaType }) =>
        placing.placeReference({ attachmentId: id, name, sha256, sizeBytes, mediaType }),
      ),
    submissions: submissions
      .filter(({ id }) => rows.bundledSubmissionIds?.has(id) ?? true)
      .map((submission) =>
        computeSubmission(rows, submission, `${folder}/revision-${submission.revision}`, placing),
      ),
    assignedAt: task.createdAt,
    assignedBy: placing.computeName(task.createdBy),
    cancelledAt: task.cancelledAt,
  };
}

/** Windows programs often take no more than 260 characters for a whole path. */
const longestTaskFolder = 50;

function computeTaskFolder(number: number, title: string): string {
  const prefix = String(number).padStart(2, '0');
  return `tasks/${computeSafeFileName(`${prefix} ${title}`, longestTaskFolder)}`;
}

function computeDue(
  rows: EngagementRows,
  task: DomainRow<'tasks'>,
  extensions: readonly DomainRow<'extensions'>[],
): BundledTask['due'] {
  const deadline = rows.deadlines.find(({ id }) => id === task.deadlineId);
  // Without the row, the end of the engagement is what had been agreed.
  const { wall, zone } = deadline ?? {
    wall: `${rows.engagement.endsOn}T23:59`,
    zone: rows.project.timeZone,
  };
  return {
    wall: computeExtendedWall({ wall }, extensions),
    zone,
    instant: computeDeadlineInstant({ wall, zone: computeKnownZone(zone) }, extensions),
  };
}

function computeSubmission(
  rows: EngagementRows,
  submission: DomainRow<'submissions'>,
  folder: string,
  placing: Placing,
): BundledSubmission {
  const names = new NamesInFolder();
  const receipt = rows.receipts.find(({ submissionId }) => submissionId === submission.id);
  return {
    id: submission.id,
    revision: submission.revision,
    folder,
    briefVersionId: submission.briefVersionId,
    note: submission.note,
    tickedCriterionIds: JSON.parse(submission.tickedJson) as string[],
    files: (JSON.parse(submission.manifestJson) as ManifestFile[]).map((file) =>
      placing.placeFile(`${folder}/files/${names.take(file.name)}`, file),
    ),
    manifestHash: submission.manifestHash,
    workedSeconds: placing.options.hours ? submission.workedSeconds : null,
    claimedAt: submission.claimedAt,
    receivedAt: submission.receivedAt,
    verdict: submission.verdict,
    verdictInputs:
      submission.verdictInputsJson === null
        ? null
        : (JSON.parse(submission.verdictInputsJson) as VerdictInputs),
    latenessDecision:
      submission.decidedVerdict === null || submission.decidedAt === null
        ? null
        : {
            verdict: submission.decidedVerdict,
            reason: submission.decisionReason ?? '',
            decidedAt: submission.decidedAt,
            decidedBy:
              submission.decidedBy === null ? '' : placing.computeName(submission.decidedBy),
          },
    marks: JSON.parse(submission.marksJson) as SubmissionMark[],
    filesCompleteAt: submission.filesCompleteAt,
    receipt:
      receipt === undefined
        ? null
        : {
            id: receipt.id,
            statement: JSON.parse(receipt.statementJson) as ReceiptStatement,
            ...computeSigned(rows, receipt),
            keyId: receipt.keyId,
            issuedAt: receipt.issuedAt,
          },
    reviews: rows.reviews
      .filter(({ submissionId }) => submissionId === submission.id)
      .map((review) => computeReview(review, placing)),
  };
}

/** A receipt that names were taken out of has the hash of what was signed, and no signature that would fit nothing. */
function computeSigned(
  { redactedReceipts }: EngagementRows,
  { id, statementJson, signature }: DomainRow<'receipts'>,
): Pick<
  NonNullable<BundledSubmission['receipt']>,
  'statementJson' | 'statementSha256' | 'signature'
> {
  const statementSha256 = redactedReceipts.get(id);
  if (statementSha256 !== undefined)
    return { statementJson: null, statementSha256, signature: null };
  return {
    statementJson,
    statementSha256: createHash('sha256').update(statementJson, 'utf8').digest('hex'),
    signature,
  };
}

function computeReview(review: DomainRow<'reviews'>, placing: Placing): BundledReview {
  return {
    id: review.id,
    decision: review.decision,
    counts: review.counts === 1,
    comment: review.comment,
    comments: readRemarks(review.commentsJson, review.decision),
    reviewer: placing.computeName(review.createdBy),
    manifestHash: review.manifestHash,
    claimedAt: review.claimedAt,
    receivedAt: review.receivedAt,
  };
}
