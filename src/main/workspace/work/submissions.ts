import type { Review, Submission } from '../../../shared/contract/shapes.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { readRemarks } from '../../../shared/domain/annotation.ts';
import type { ManifestFile } from '../../../shared/domain/manifest.ts';
import type { RubricScore } from '../../../shared/domain/rubric-score.ts';
import type { SubmissionMark } from '../../../shared/domain/submission-marks.ts';
import { type VerdictInputs, verdictInputsSchema } from '../../../shared/domain/verdict.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { type Pausing, withoutTurns } from '../sync/turns.ts';
import { createUnknownBrief, loadBriefs } from './briefs.ts';
import { computeDue } from './due-calculator.ts';
import { FileLocator, type FileUse } from './file-items.ts';
import { loadPeopleByMembership } from './people-names.ts';
import { loadSyncMarks } from './sync-marks.ts';

export type SubmissionSelection =
  | { readonly taskId: string }
  | { readonly submissionIds: readonly string[] };

async function loadSubmissionRows(seat: Seat, selection: SubmissionSelection) {
  const query = seat.db
    .selectFrom('submissions')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .orderBy('revision', 'desc')
    .orderBy((where) => where.fn.coalesce('receivedAt', 'claimedAt'), 'desc');
  return 'taskId' in selection
    ? query.where('taskId', '=', selection.taskId).execute()
    : query.where('id', 'in', [...selection.submissionIds]).execute();
}

async function loadReviewsBySubmission(
  seat: Seat,
  submissionIds: readonly string[],
  names: ReadonlyMap<string, { readonly name: string }>,
) {
  const rows = await seat.db
    .selectFrom('reviews')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('submissionId', 'in', [...submissionIds])
    .orderBy('counts', 'desc')
    .orderBy((where) => where.fn.coalesce('receivedAt', 'claimedAt'))
    .execute();
  const marks = await loadSyncMarks(seat, 'reviews', { byCreationOnly: true });
  const createReview = (row: (typeof rows)[number]): Review => ({
    reviewId: row.id,
    decision: row.decision,
    comment: row.comment,
    comments: readRemarks(row.commentsJson, row.decision),
    scores: JSON.parse(row.scoresJson ?? '[]') as RubricScore[],
    counts: row.counts === 1,
    reviewerName: names.get(row.createdBy)?.name ?? '',
    claimedAt: row.claimedAt,
    receivedAt: row.receivedAt,
    mark: marks.get(row.id),
  });
  const grouped = new Map<string, Review[]>();
  for (const row of rows)
    grouped.set(row.submissionId, [...(grouped.get(row.submissionId) ?? []), createReview(row)]);
  return grouped;
}

async function loadReceiptsBySubmission(seat: Seat, submissionIds: readonly string[]) {
  const rows = await seat.db
    .selectFrom('receipts')
    .select(['id as receiptId', 'submissionId', 'keyId', 'signature', 'statementJson', 'issuedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('submissionId', 'in', [...submissionIds])
    .orderBy('issuedAt')
    .execute();
  return new Map(rows.map(({ submissionId, ...receipt }) => [submissionId, receipt]));
}

/** When the server held each deliverable, by the attachment's id. */
async function loadArrivals(seat: Seat, submissionIds: readonly string[]) {
  const rows = await seat.db
    .selectFrom('attachments')
    .select(['id', 'arrivedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('ownerId', 'in', [...submissionIds])
    .execute();
  return new Map(rows.map((row) => [row.id, row.arrivedAt]));
}

/** The zone in which each deadline was set, by the deadline's id. */
async function loadDeadlineZones(seat: Seat, deadlineIds: readonly string[]) {
  const rows = await seat.db
    .selectFrom('deadlines')
    .select(['id', 'zone'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', 'in', [...new Set(deadlineIds)])
    .execute();
  return new Map(rows.map((row) => [row.id, row.zone]));
}

/** What a newer server may have written otherwise is left out rather than misread: it explains, and decides nothing. */
function parseVerdictInputs(json: string | null): VerdictInputs | null {
  return json === null ? null : (verdictInputsSchema.safeParse(JSON.parse(json)).data ?? null);
}

function computeLatenessDecision(
  row: Pick<
    DomainRow<'submissions'>,
    'decidedVerdict' | 'decidedBy' | 'decidedAt' | 'decisionReason'
  >,
  people: ReadonlyMap<string, { readonly name: string }>,
): Submission['latenessDecision'] {
  if (row.decidedVerdict === null || row.decidedAt === null) return null;
  return {
    verdict: row.decidedVerdict,
    reason: row.decisionReason ?? '',
    decidedAt: row.decidedAt,
    deciderName: row.decidedBy === null ? '' : (people.get(row.decidedBy)?.name ?? ''),
  };
}

function computeAnswerBy(
  row: Pick<DomainRow<'submissions'>, 'promisedWall' | 'promisedZone' | 'promisedBy'>,
  people: ReadonlyMap<string, { readonly name: string }>,
): Submission['answerBy'] {
  const { promisedWall: wall, promisedZone: zone, promisedBy } = row;
  if (wall === null || zone === null) return null;
  const { instant } = computeDue({ wall, zone }, []);
  return { wall, zone, instant, byName: people.get(promisedBy ?? '')?.name ?? '' };
}

/** Of so many submissions the files are looked for at the same time. */
const locatedAtOnce = 50;

/** Submissions with their files, receipts and reviews; of one task, or those named. Newest revision first. */
export async function loadSubmissions(
  workspace: Workspace,
  seat: Seat,
  selection: SubmissionSelection,
  turns: Pausing = withoutTurns,
): Promise<Submission[]> {
  const rows = await loadSubmissionRows(seat, selection);
  if (rows.length === 0) return [];
  await turns.pass();
  const ids = rows.map((row) => row.id);
  const people = await loadPeopleByMembership(seat);
  const briefs = await loadBriefs(
    seat,
    rows.map((row) => row.briefVersionId),
  );
  await turns.pass();
  const arrivals = await loadArrivals(seat, ids);
  const receipts = await loadReceiptsBySubmission(seat, ids);
  await turns.pass();
  const reviews = await loadReviewsBySubmission(seat, ids, people);
  const zones = await loadDeadlineZones(
    seat,
    rows.map((row) => row.deadlineId),
  );
  const marks = await loadSyncMarks(seat, 'submissions', { byCreationOnly: true });
  const locator = new FileLocator(workspace, seat);

  const createSubmission = async (row: (typeof rows)[number]): Promise<Submission> => {
    const manifest = JSON.parse(row.manifestJson) as ManifestFile[];
    const files = manifest.map((file): FileUse => ({
      ...file,
      arrivedAt: arrivals.get(file.attachmentId) ?? row.filesCompleteAt,
    }));
    return {
      seatId: seat.record.seatId,
      submissionId: row.id,
      taskId: row.taskId,
      engagementId: row.engagementId,
      revision: row.revision,
      brief:
        briefs.get(row.briefVersionId) ?? createUnknownBrief(row.briefVersionId, row.claimedAt),
      note: row.note,
      tickedCriterionIds: JSON.parse(row.tickedJson) as string[],
      files: await locator.locateAll(files),
      manifestHash: row.manifestHash,
      workedSeconds: row.workedSeconds,
      internName: people.get(row.submittedBy)?.name ?? '',
      claimedAt: row.claimedAt,
      receivedAt: row.receivedAt,
      verdict: row.verdict,
      verdictInputs: parseVerdictInputs(row.verdictInputsJson),
      latenessDecision: computeLatenessDecision(row, people),
      deadlineZone: zones.get(row.deadlineId) ?? null,
      marks: JSON.parse(row.marksJson) as SubmissionMark[],
      isAwaitingFiles: manifest.length > 0 && row.filesCompleteAt === null,
      answerBy: computeAnswerBy(row, people),
      receipt: receipts.get(row.id) ?? null,
      reviews: reviews.get(row.id) ?? [],
      mark: marks.get(row.id),
    };
  };
  const submissions: Submission[] = [];
  for (let first = 0; first < rows.length; first += locatedAtOnce) {
    await turns.pass();
    const slice = rows.slice(first, first + locatedAtOnce);
    submissions.push(...(await Promise.all(slice.map(createSubmission))));
  }
  return submissions;
}

/** @throws StintError `not_found`. */
export async function getSubmission(
  workspace: Workspace,
  seat: Seat,
  submissionId: string,
): Promise<Submission> {
  const [submission] = await loadSubmissions(workspace, seat, { submissionIds: [submissionId] });
  if (submission === undefined)
    throw new StintError(
      'not_found',
      `there is no submission ${submissionId} in this organization`,
      { field: 'submissionId' },
    );
  return submission;
}
