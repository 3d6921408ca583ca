import type { EngineEvent } from '../../../shared/contract/events.ts';
import { computeSide } from '../../../shared/domain/agreement.ts';
import type { PulledRow } from '../../../shared/protocol/pull.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import type { Seat } from '../seats/seat.ts';
import { describeSecondAct } from './second-acts.ts';

type Arrival = Extract<EngineEvent, { type: 'arrived' }>;

/**
 * Tells at once of what people wait for: a submission, a review, a task, a receipt, a new person. Only of
 * what others did. `rows` are those that were not here before: one that merely changed is no arrival.
 */
export async function announceArrivals(seat: Seat, rows: readonly PulledRow[]): Promise<void> {
  for (const { table, row } of rows) {
    const arrival = await findArrival(seat, table, row);
    if (arrival !== undefined) seat.emit(arrival);
  }
}

async function findArrival(
  seat: Seat,
  table: string,
  row: PulledRow['row'],
): Promise<Arrival | undefined> {
  const { seatId, membershipId } = seat.record;
  const taskId = typeof row['taskId'] === 'string' ? row['taskId'] : null;
  const make = (kind: Arrival['kind'], title: string): Arrival => ({
    type: 'arrived',
    seatId,
    kind,
    title,
    taskId,
  });
  switch (table) {
    case 'submissions':
      return row['submittedBy'] === membershipId
        ? undefined
        : make('submission', `Work was handed in: ${isolate(await loadTaskTitle(seat, taskId))}`);
    case 'reviews': {
      if (row['createdBy'] === membershipId) return undefined;
      return make(
        'review',
        `${await describeDecision(seat, row)}: ${isolate(await loadTaskTitle(seat, taskId))}`,
      );
    }
    case 'receipts':
      return seat.record.role === 'intern'
        ? make('receipt', `Your work arrived: ${isolate(await loadTaskTitle(seat, taskId))}`)
        : undefined;
    case 'tasks':
      return row['createdBy'] !== membershipId && seat.record.role === 'intern'
        ? {
            ...make('task', `A new task: ${isolate(String(row['title']))}`),
            taskId: String(row['id']),
          }
        : undefined;
    case 'memberships':
      return row['id'] !== membershipId && seat.record.role !== 'intern'
        ? make('person', `${isolate(String(row['displayName']))} has joined`)
        : undefined;
    case 'questions':
      return row['askedBy'] === membershipId
        ? undefined
        : make('question', `A question: ${isolate(await loadTaskTitle(seat, taskId))}`);
    case 'answers':
      return row['answeredBy'] === membershipId
        ? undefined
        : make('question', `An answer: ${isolate(await loadTaskTitle(seat, taskId))}`);
    case 'extensionRequests':
      return row['requestedBy'] === membershipId
        ? undefined
        : make('question', `More time is asked for: ${isolate(await loadTaskTitle(seat, taskId))}`);
    case 'evaluations': {
      const title = await describeSecondEvaluation(seat, row);
      return title === undefined ? undefined : make('evaluation', title);
    }
    default: {
      const title = await describeSecondAct(seat, table, row);
      if (title === undefined) return undefined;
      return {
        ...make(table === 'engagements' ? 'person' : 'task', title),
        taskId: row['tableName'] === 'tasks' ? String(row['rowId']) : taskId,
      };
    }
  }
}

/** Of two decisions on one submission the first counts: whoever made the other one believes that theirs does. */
async function describeDecision(seat: Seat, row: PulledRow['row']): Promise<string> {
  if (row['counts'] === 0) return 'A second decision came, and does not count';
  const own = await seat.db
    .selectFrom('reviews')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('submissionId', '=', String(row['submissionId']))
    .where('createdBy', '=', seat.record.membershipId)
    .executeTakeFirst();
  const word = row['decision'] === 'accepted' ? 'Accepted' : 'Changes requested';
  return own === undefined ? word : `${word} before you decided, which counts`;
}

/** Where somebody else of the own side wrote an evaluation as well, and one of the two will be read. */
async function describeSecondEvaluation(
  seat: Seat,
  { engagementId, side, writtenBy, openedAt }: PulledRow['row'],
): Promise<string | undefined> {
  const { role, membershipId } = seat.record;
  if (side !== computeSide(role) || writtenBy === membershipId || openedAt !== null)
    return undefined;
  const own = await seat.db
    .selectFrom('evaluations')
    .innerJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'evaluations.orgId')
        .onRef('engagements.id', '=', 'evaluations.engagementId'),
    )
    .select('invitedName')
    .where('evaluations.engagementId', '=', String(engagementId))
    .where('writtenBy', '=', membershipId)
    .executeTakeFirst();
  return own === undefined
    ? undefined
    : `Two of you evaluated ${isolate(own.invitedName)}: look which one will be read`;
}

async function loadTaskTitle(seat: Seat, taskId: string | null): Promise<string> {
  if (taskId === null) return '';
  const task = await seat.db
    .selectFrom('tasks')
    .select('title')
    .where('id', '=', taskId)
    .executeTakeFirst();
  return task?.title ?? '';
}
