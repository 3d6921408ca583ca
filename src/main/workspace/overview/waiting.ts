import type { OverviewRow, WaitingReason } from '../../../shared/contract/overview-requests.ts';
import type { Seat } from '../seats/seat.ts';

export type Waiting = NonNullable<OverviewRow['waiting']>;

/** Something that lies with one side of an engagement since a moment. */
export interface Turn {
  readonly engagementId: string;
  readonly forWhom: Waiting['forWhom'];
  readonly reason: WaitingReason;
  readonly since: string;
}

/** What lies with either side apart from tasks: questions, requests for more time, timesheets, changes of approved time, amendments. */
export async function loadOtherTurns(seat: Seat): Promise<Turn[]> {
  const { orgId } = seat.record;
  const timesheets = await seat.db
    .selectFrom('timesheets')
    .select(['engagementId', 'submittedAt as since'])
    .where('orgId', '=', orgId)
    .where('state', '=', 'submitted')
    .execute();
  const changes = await seat.db
    .selectFrom('timeChangeRequests')
    .select(['engagementId', 'createdAt as since'])
    .where('orgId', '=', orgId)
    .where('state', '=', 'waiting')
    .execute();
  // What was open when its engagement ended has lapsed.
  const amendments = await seat.db
    .selectFrom('amendments')
    .innerJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'amendments.orgId')
        .onRef('engagements.id', '=', 'amendments.engagementId'),
    )
    .select(['engagementId', 'amendments.createdAt as since', 'proposedSide'])
    .where('amendments.orgId', '=', orgId)
    .where('state', '=', 'proposed')
    .where('engagements.status', '=', 'active')
    .execute();
  const requests = await seat.db
    .selectFrom('extensionRequests')
    .innerJoin('tasks', (join) =>
      join
        .onRef('tasks.orgId', '=', 'extensionRequests.orgId')
        .onRef('tasks.id', '=', 'extensionRequests.taskId'),
    )
    .select(['tasks.engagementId', 'extensionRequests.createdAt as since'])
    .where('extensionRequests.orgId', '=', orgId)
    .where('extensionRequests.state', '=', 'open')
    .execute();
  const questions = await seat.db
    .selectFrom('questions')
    .innerJoin('tasks', (join) =>
      join.onRef('tasks.orgId', '=', 'questions.orgId').onRef('tasks.id', '=', 'questions.taskId'),
    )
    .select(['tasks.engagementId', 'questions.createdAt as since'])
    .where('questions.orgId', '=', orgId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('answers')
            .select('answers.id')
            .whereRef('answers.taskId', '=', 'questions.taskId')
            .whereRef('answers.questionId', '=', 'questions.id'),
        ),
      ),
    )
    .execute();
  return [
    ...questions.map((row): Turn => ({ ...row, forWhom: 'employer', reason: 'question' })),
    ...requests.map((row): Turn => ({ ...row, forWhom: 'employer', reason: 'more_time' })),
    ...timesheets.map((row): Turn => ({ ...row, forWhom: 'employer', reason: 'timesheet' })),
    ...changes.map((row): Turn => ({ ...row, forWhom: 'employer', reason: 'time_change' })),
    ...amendments.map(({ proposedSide, ...row }): Turn => ({
      ...row,
      forWhom: proposedSide === 'intern' ? 'employer' : 'intern',
      reason: 'amendment',
    })),
  ];
}

/** Who waits for whom: the employer's turn before the intern's, the oldest of each kind. */
export function computeWaiting(turns: readonly Turn[]): Waiting | null {
  const employers = turns.filter(({ forWhom }) => forWhom === 'employer');
  const chosen = employers.length > 0 ? employers : turns;
  const [first, ...others] = chosen.toSorted((left, right) => (left.since < right.since ? -1 : 1));
  if (first === undefined) return null;
  const { forWhom, reason, since } = first;
  const count = 1 + others.filter((turn) => turn.reason === reason).length;
  return { forWhom, reason, since, count };
}
