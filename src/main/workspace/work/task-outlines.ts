import { sql } from 'kysely';
import type { Due } from '../../../shared/contract/shapes.ts';
import { readDependencies } from '../../../shared/domain/task-dependencies.ts';
import { computeTaskState, type TaskState } from '../../../shared/domain/task-state.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { computeDue } from './due-calculator.ts';
import { createKeptRead, readInOneState } from './kept-read.ts';
import { loadTaskDecisions, nothingHandedIn, type TaskDecisions } from './task-decisions.ts';
import { computeTaskCondition, isUnfiltered, type TaskFilter } from './task-filter.ts';
import { loadWorkedHours, loadWorkedSecondsOfAllTasks } from './worked-hours.ts';

type TaskRow = Awaited<ReturnType<typeof loadTaskRows>>[number];
type EngagementRow = Awaited<ReturnType<typeof loadEngagementRows>>[number];

/** What decides whether a task is in a list, and where in it: little enough to be read of all tasks. */
export interface TaskOutline {
  readonly seat: Seat;
  readonly task: TaskRow;
  readonly engagement: EngagementRow;
  readonly taskId: string;
  readonly title: string;
  readonly state: TaskState;
  readonly due: Due;
  readonly workedSeconds: number;
  readonly newestRevision: number | null;
  readonly dependsOn: string[];
}

async function loadTaskRows(seat: Seat, filter: TaskFilter) {
  return seat.db
    .selectFrom('tasks')
    .select([
      'id',
      'engagementId',
      'title',
      'estimateMinutes',
      'briefVersionId',
      'cancelledAt',
      'position',
      'createdAt',
      'dependsOnJson',
      'deadlineId',
    ])
    .where('orgId', '=', seat.record.orgId)
    .where(computeTaskCondition(seat, filter, 'tasks.id'))
    .execute();
}

/** Joined here: ten thousand look-ups take the database longer than reading all of them. */
async function loadDeadlinesById(seat: Seat, filter: TaskFilter, ids: readonly string[]) {
  let query = seat.db
    .selectFrom('deadlines')
    .select(['id', 'wall', 'zone'])
    .where('orgId', '=', seat.record.orgId);
  if (!isUnfiltered(filter))
    query = query.where(sql<boolean>`id in (select value from json_each(${JSON.stringify(ids)}))`);
  return new Map((await query.execute()).map((row) => [row.id, row]));
}

async function loadEngagementRows(seat: Seat) {
  return seat.db
    .selectFrom('engagements')
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .select([
      'engagements.id',
      'engagements.projectId',
      'engagements.membershipId',
      'engagements.invitedName',
      'engagements.status',
      'projects.title as projectTitle',
    ])
    .where('engagements.orgId', '=', seat.record.orgId)
    .execute();
}

async function loadExtensionsByTask(seat: Seat, filter: TaskFilter) {
  const rows = await seat.db
    .selectFrom('extensions')
    .select(['taskId', 'days', 'minutes'])
    .where('orgId', '=', seat.record.orgId)
    .where(computeTaskCondition(seat, filter, 'extensions.taskId'))
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return Map.groupBy(rows, (row) => row.taskId);
}

/** Whole seconds of each task's entries, overlaps counted once for each (as `computeWorkedSeconds`). */
async function loadWorkedSecondsByTask(
  seat: Seat,
  filter: TaskFilter,
): Promise<ReadonlyMap<string, number>> {
  if (filter.taskIds === undefined) return loadWorkedSecondsOfAllTasks(seat);
  const rows = await seat.db
    .selectFrom('timeEntries')
    .select([
      'taskId',
      sql<number>`round(sum(unixepoch("endedAt", 'subsec') - unixepoch("startedAt", 'subsec')))`.as(
        'seconds',
      ),
    ])
    .where('orgId', '=', seat.record.orgId)
    .where('deletedAt', 'is', null)
    .where(computeTaskCondition(seat, filter, 'timeEntries.taskId'))
    .groupBy('taskId')
    .execute();
  return new Map(rows.map((row) => [row.taskId, row.seconds]));
}

/**
 * The tasks on which something was prepared: a note, a tick, a file, a running timer. Drafts are the
 * intern's alone, so an employer's device simply holds none.
 */
async function loadPreparedTaskIds(seat: Seat, filter: TaskFilter): Promise<Set<string>> {
  const { orgId } = seat.record;
  const drafts = await seat.db
    .selectFrom('drafts')
    .select('taskId')
    .where('orgId', '=', orgId)
    .where((where) => where.or([where('note', '!=', ''), where('tickedJson', '!=', '[]')]))
    .where(computeTaskCondition(seat, filter, 'drafts.taskId'))
    .execute();
  const files = await seat.db
    .selectFrom('attachments')
    .select('taskId')
    .where('orgId', '=', orgId)
    .where('ownerKind', '=', 'draft')
    .where('removedAt', 'is', null)
    .where(computeTaskCondition(seat, filter, 'attachments.taskId'))
    .execute();
  const timers = await seat.db.selectFrom('timers').select('taskId').execute();
  return new Set([...drafts, ...files, ...timers].map((row) => row.taskId));
}

/**
 * A seat's tasks, by deadline, then title. A fixed number of reads, however many tasks there are; all of a seat's are kept until
 * something changes.
 *
 * @param known what was decided, where that is read already.
 */
export async function loadTaskOutlines(
  seat: Seat,
  filter: TaskFilter,
  known?: ReadonlyMap<string, TaskDecisions>,
): Promise<readonly TaskOutline[]> {
  if (isUnfiltered(filter)) return loadAllOutlines(seat);
  return readInOneState(
    [seat],
    (turns) => readTaskOutlines(seat, filter, known, turns),
    filter.taskIds === undefined ? loadWorkedHours : undefined,
  );
}

const loadAllOutlines = createKeptRead(
  (seat, turns) => readTaskOutlines(seat, {}, undefined, turns),
  loadWorkedHours,
);

async function readTaskOutlines(
  seat: Seat,
  filter: TaskFilter,
  known: ReadonlyMap<string, TaskDecisions> | undefined,
  turns: Pausing,
): Promise<readonly TaskOutline[]> {
  const tasks = await loadTaskRows(seat, filter);
  if (tasks.length === 0) return [];
  await turns.pass();
  const engagements = new Map((await loadEngagementRows(seat)).map((row) => [row.id, row]));
  await turns.pass();
  const extensions = await loadExtensionsByTask(seat, filter);
  await turns.pass();
  const decisions = known ?? (await loadTaskDecisions(seat, filter));
  const deadlines = await loadDeadlinesById(
    seat,
    filter,
    tasks.map(({ deadlineId }) => deadlineId),
  );
  await turns.pass();
  const workedSeconds = await loadWorkedSecondsByTask(seat, filter);
  await turns.pass();
  const prepared = await loadPreparedTaskIds(seat, filter);
  const outlines: TaskOutline[] = [];
  for (const task of tasks) {
    await turns.pass();
    const engagement = engagements.get(task.engagementId);
    const deadline = deadlines.get(task.deadlineId);
    // Their page has not come yet; a moment later it has.
    if (engagement === undefined || deadline === undefined) continue;
    const decided = decisions.get(task.id) ?? nothingHandedIn;
    const worked = workedSeconds.get(task.id) ?? 0;
    outlines.push({
      seat,
      task,
      engagement,
      taskId: task.id,
      title: task.title,
      state: computeTaskState({
        isCancelled: task.cancelledAt !== null,
        hasSubmission: decided.newestRevision !== null,
        newestDecision: decided.newestDecision,
        hasAcceptedRevision: decided.hasAcceptedRevision,
        hasBegun: worked > 0 || prepared.has(task.id),
      }),
      due: computeDue(deadline, extensions.get(task.id) ?? []),
      workedSeconds: worked,
      newestRevision: decided.newestRevision,
      dependsOn: readDependencies(task.dependsOnJson),
    });
  }
  return outlines.sort(compareByDue);
}

const titleOrder = new Intl.Collator(undefined, { numeric: true });

/** By deadline, then title; ids decide between equals, so that pages never overlap. */
export function compareByDue(left: TaskOutline, right: TaskOutline): number {
  if (left.due.instant !== right.due.instant) return left.due.instant < right.due.instant ? -1 : 1;
  return titleOrder.compare(left.title, right.title) || (left.taskId < right.taskId ? -1 : 1);
}
