import type { ProjectItem } from '../../../shared/contract/shapes.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { StintError } from '../../../shared/errors.ts';
import { computePay } from '../../../shared/mutations/project-mutations.ts';
import {
  computeProjectTerms,
  type FullProjectTerms,
} from '../../../shared/mutations/project-terms-mutations.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { readInOneState } from '../work/kept-read.ts';
import { loadSyncMarks, type SyncMarks } from '../work/sync-marks.ts';
import { isWaitingForDecision, loadTaskDecisions } from '../work/task-decisions.ts';

const projectChanges = ['project.create', 'project.edit', 'project.close'];

interface ProjectCounts {
  engagementCount: number;
  waitingForReviewCount: number;
}

/** By project id. Withdrawn engagements don't count; work handed in before that still waits. */
async function loadCounts(seat: Seat, turns: Pausing): Promise<Map<string, ProjectCounts>> {
  const { orgId } = seat.record;
  const engagements = await seat.db
    .selectFrom('engagements')
    .select(['id', 'projectId', 'status'])
    .where('orgId', '=', orgId)
    .execute();
  const counts = new Map<string, ProjectCounts>();
  const projectOf = new Map<string, ProjectCounts>();
  for (const engagement of engagements) {
    const counted = counts.get(engagement.projectId) ?? {
      engagementCount: 0,
      waitingForReviewCount: 0,
    };
    counts.set(engagement.projectId, counted);
    projectOf.set(engagement.id, counted);
    if (engagement.status !== 'withdrawn') counted.engagementCount += 1;
  }
  await turns.pass();
  const decisions = await loadTaskDecisions(seat, {});
  const tasks = await seat.db
    .selectFrom('tasks')
    .select(['id', 'engagementId'])
    .where('orgId', '=', orgId)
    .execute();
  for (const task of tasks) {
    await turns.pass();
    const counted = projectOf.get(task.engagementId);
    if (counted !== undefined && isWaitingForDecision(decisions.get(task.id)))
      counted.waitingForReviewCount += 1;
  }
  return counts;
}

function createProjectItem(
  seat: Seat,
  row: DomainRow<'projects'>,
  counts: ReadonlyMap<string, ProjectCounts>,
  marks: SyncMarks,
): ProjectItem {
  return {
    seatId: seat.record.seatId,
    projectId: row.id,
    title: row.title,
    category: row.category,
    categoryName: row.categoryName,
    hourBudgetMinutes: row.hourBudgetMinutes,
    pay: computePay(row),
    timeZone: row.timeZone,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    isClosed: row.closedAt !== null,
    ...(counts.get(row.id) ?? { engagementCount: 0, waitingForReviewCount: 0 }),
    mark: marks.get(row.id),
  };
}

/** Open ones first, then those that end soonest. */
export async function loadProjectItems(seat: Seat): Promise<ProjectItem[]> {
  return readInOneState([seat], (turns) => readProjectItems(seat, turns));
}

async function readProjectItems(seat: Seat, turns: Pausing): Promise<ProjectItem[]> {
  const rows = await seat.db
    .selectFrom('projects')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .orderBy('endsOn')
    .orderBy('title')
    .orderBy('id')
    .execute();
  await turns.pass();
  const counts = await loadCounts(seat, turns);
  const marks = await loadSyncMarks(seat, 'projects', { mutationNames: projectChanges });
  const items = rows.map((row) => createProjectItem(seat, row, counts, marks));
  return [...items.filter((item) => !item.isClosed), ...items.filter((item) => item.isClosed)];
}

/** @throws StintError `not_found`. */
export async function getProjectRow(seat: Seat, projectId: string): Promise<DomainRow<'projects'>> {
  const row = await seat.db
    .selectFrom('projects')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', projectId)
    .executeTakeFirst();
  if (row === undefined)
    throw new StintError('not_found', `there is no project ${projectId} in this organization`, {
      field: 'projectId',
    });
  return row;
}

/** @throws StintError `not_found`. */
export async function getProject(
  seat: Seat,
  projectId: string,
): Promise<{ item: ProjectItem; terms: FullProjectTerms }> {
  return readInOneState([seat], async (turns) => {
    const row = await getProjectRow(seat, projectId);
    const marks = await loadSyncMarks(seat, 'projects', { mutationNames: projectChanges });
    const counts = await loadCounts(seat, turns);
    return {
      item: createProjectItem(seat, row, counts, marks),
      terms: computeProjectTerms(row),
    };
  });
}
