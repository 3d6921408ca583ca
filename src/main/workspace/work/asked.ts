import type { ExtensionRequest, Question } from '../../../shared/contract/shapes.ts';
import type { Seat } from '../seats/seat.ts';
import { loadPeopleByMembership } from './people-names.ts';
import { loadSyncMarks } from './sync-marks.ts';

/** All of a task's, or what is open on any task: without an answer, not decided. */
export type AskedSelection = { readonly taskId: string } | 'open';

async function loadAnswers(seat: Seat, taskIds: readonly string[]) {
  if (taskIds.length === 0) return [];
  return seat.db
    .selectFrom('answers')
    .leftJoin('briefVersions', (join) =>
      join
        .onRef('briefVersions.orgId', '=', 'answers.orgId')
        .onRef('briefVersions.id', '=', 'answers.briefVersionId'),
    )
    .selectAll('answers')
    .select('briefVersions.version')
    .where('answers.orgId', '=', seat.record.orgId)
    .where('answers.taskId', 'in', [...taskIds])
    .orderBy('answers.createdAt')
    .orderBy('answers.id')
    .execute();
}

/** Oldest first, each with the task it is about. */
export async function loadQuestions(
  seat: Seat,
  selection: AskedSelection,
): Promise<{ taskId: string; question: Question }[]> {
  let query = seat.db
    .selectFrom('questions')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .orderBy('createdAt')
    .orderBy('id');
  query =
    selection === 'open'
      ? query.where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('answers')
                .select('answers.id')
                .whereRef('answers.taskId', '=', 'questions.taskId')
                .whereRef('answers.questionId', '=', 'questions.id'),
            ),
          ),
        )
      : query.where('taskId', '=', selection.taskId);
  const rows = await query.execute();
  if (rows.length === 0) return [];
  const people = await loadPeopleByMembership(seat);
  const answers = selection === 'open' ? [] : await loadAnswers(seat, [selection.taskId]);
  const marks = await loadSyncMarks(seat, 'questions');
  const answerMarks = await loadSyncMarks(seat, 'answers');
  const nameOf = (membershipId: string) => people.get(membershipId)?.name ?? '';
  return rows.map((row) => ({
    taskId: row.taskId,
    question: {
      questionId: row.id,
      text: row.text,
      askedByName: nameOf(row.askedBy),
      askedAt: row.claimedAt,
      answers: answers
        .filter(({ questionId }) => questionId === row.id)
        .map((answer) => ({
          answerId: answer.id,
          text: answer.text,
          answeredByName: nameOf(answer.answeredBy),
          answeredAt: answer.claimedAt,
          inBriefVersion: answer.version,
          mark: answerMarks.get(answer.id),
        })),
      mark: marks.get(row.id),
    },
  }));
}

/** Of a task, newest first; open ones of all tasks, oldest first. */
export async function loadExtensionRequests(
  seat: Seat,
  selection: AskedSelection,
): Promise<{ taskId: string; request: ExtensionRequest }[]> {
  const query = seat.db
    .selectFrom('extensionRequests')
    .leftJoin('extensions', (join) =>
      join
        .onRef('extensions.orgId', '=', 'extensionRequests.orgId')
        .onRef('extensions.id', '=', 'extensionRequests.extensionId'),
    )
    .leftJoin('briefVersions', (join) =>
      join
        .onRef('briefVersions.orgId', '=', 'extensionRequests.orgId')
        .onRef('briefVersions.id', '=', 'extensionRequests.briefVersionId'),
    )
    .selectAll('extensionRequests')
    .select([
      'extensions.days as grantedDays',
      'extensions.minutes as grantedMinutes',
      'briefVersions.version',
    ])
    .where('extensionRequests.orgId', '=', seat.record.orgId);
  const rows = await (
    selection === 'open'
      ? query.where('extensionRequests.state', '=', 'open').orderBy('extensionRequests.createdAt')
      : query
          .where('extensionRequests.taskId', '=', selection.taskId)
          .orderBy('extensionRequests.createdAt', 'desc')
  )
    .orderBy('extensionRequests.id')
    .execute();
  if (rows.length === 0) return [];
  const people = await loadPeopleByMembership(seat);
  const marks = await loadSyncMarks(seat, 'extensionRequests');
  return rows.map((row) => ({
    taskId: row.taskId,
    request: {
      requestId: row.id,
      days: row.days,
      minutes: row.minutes,
      reason: row.reason,
      briefVersion: row.version,
      requestedAt: row.createdAt,
      state: row.state,
      decidedByName: row.decidedBy === null ? null : (people.get(row.decidedBy)?.name ?? ''),
      decidedAt: row.decidedAt,
      decisionReason: row.decisionReason,
      granted:
        row.grantedDays === null
          ? null
          : { days: row.grantedDays, minutes: row.grantedMinutes ?? 0 },
      mark: marks.get(row.id),
    },
  }));
}
