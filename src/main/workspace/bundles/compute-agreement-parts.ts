import type {
  BundledAmendment,
  BundledEvaluation,
  BundledQuestion,
  BundledTimeChange,
  BundledTimesheet,
} from '../../../shared/bundle/agreement-parts.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { evaluationContentSchema } from '../../../shared/domain/evaluation.ts';
import type { EngagementRows } from './load-engagement-rows.ts';

type ComputeName = (membershipId: string) => string;

export function computeAmendments(
  rows: EngagementRows,
  computeName: ComputeName,
): BundledAmendment[] {
  return rows.amendments.map((row) => ({
    id: row.id,
    taskId: row.taskId,
    proposedBy: computeName(row.proposedBy),
    proposedSide: row.proposedSide,
    reason: row.reason,
    changes: JSON.parse(row.changesJson) as unknown,
    state: row.state,
    proposedAt: row.createdAt,
    ...computeDecision(row, computeName),
    decisionReason: row.decisionReason,
  }));
}

export function computeTimesheets(
  rows: EngagementRows,
  computeName: ComputeName,
): BundledTimesheet[] {
  // Revisions that were not chosen are not named.
  const isBundled = (submissionId: string) => rows.bundledSubmissionIds?.has(submissionId) ?? true;
  return rows.timesheets.map((row) => ({
    id: row.id,
    kind: row.kind,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    zone: row.zone,
    taskId: row.taskId,
    submissionId:
      row.submissionId !== null && isBundled(row.submissionId) ? row.submissionId : null,
    note: row.note,
    rounding:
      row.roundingMinutes === null || row.roundingMode === null || row.roundingPer === null
        ? null
        : { minutes: row.roundingMinutes, mode: row.roundingMode, per: row.roundingPer },
    state: row.state,
    submittedAt: row.submittedAt,
    ...computeDecision(row, computeName),
    decisionNote: row.decisionNote,
    contentHash: row.contentHash,
    comments: rows.timesheetComments
      .filter(({ timesheetId }) => timesheetId === row.id)
      .map(({ timeEntryId, text, createdBy, createdAt }) => ({
        timeEntryId,
        text,
        by: computeName(createdBy),
        at: createdAt,
      })),
  }));
}

export function computeTimeChanges(
  rows: EngagementRows,
  computeName: ComputeName,
): BundledTimeChange[] {
  return rows.timeChangeRequests.map((row) => ({
    id: row.id,
    timesheetId: row.timesheetId,
    change: JSON.parse(row.changeJson) as unknown,
    reason: row.reason,
    cameLate: row.cameLate === 1,
    state: row.state,
    requestedAt: row.createdAt,
    ...computeDecision(row, computeName),
    decisionNote: row.decisionNote,
  }));
}

export function computeQuestions(
  rows: EngagementRows,
  taskId: string,
  computeName: ComputeName,
): BundledQuestion[] {
  return rows.questions
    .filter((question) => question.taskId === taskId)
    .map((question) => ({
      id: question.id,
      text: question.text,
      askedBy: computeName(question.askedBy),
      askedAt: question.createdAt,
      answers: rows.answers
        .filter(({ questionId }) => questionId === question.id)
        .map((answer) => ({
          id: answer.id,
          text: answer.text,
          answeredBy: computeName(answer.answeredBy),
          answeredAt: answer.createdAt,
          briefVersionId: answer.briefVersionId,
        })),
    }));
}

/** What is open to both sides alone: what one has sealed is no part of what both have done. */
export function computeEvaluations(
  rows: EngagementRows,
  computeName: ComputeName,
): BundledEvaluation[] {
  return rows.evaluations.flatMap((row) => {
    const content = evaluationContentSchema.nullable().parse(JSON.parse(row.contentJson));
    // Erased on the writer's request.
    if (content === null || row.openedAt === null) return [];
    return [
      {
        id: row.id,
        side: row.side,
        by: computeName(row.writtenBy),
        content,
        writtenAt: row.claimedAt,
        openedAt: row.openedAt,
        afterOpening: row.afterOpening === 1,
      },
    ];
  });
}

function computeDecision(
  row: Pick<DomainRow<'amendments'>, 'decidedBy' | 'decidedAt'>,
  computeName: ComputeName,
): { decidedBy: string | null; decidedAt: string | null } {
  return {
    decidedBy: row.decidedBy === null ? null : computeName(row.decidedBy),
    decidedAt: row.decidedAt,
  };
}
