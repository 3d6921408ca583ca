import type { Brief, Draft } from '../../../shared/contract/shapes.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { parseRubric } from '../../../shared/domain/rubric.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadExtensionRequests, loadQuestions } from './asked.ts';
import { createUnknownBrief, loadBriefs, loadBriefVersions } from './briefs.ts';
import { FileLocator, loadAttachedFiles } from './file-items.ts';
import { loadDraftRow } from './drafts.ts';
import { loadSubmissions } from './submissions.ts';
import { loadTaskDecisions } from './task-decisions.ts';
import { getTaskItem, getTaskRow } from './task-list.ts';
import { loadTimeEntries } from './time-entries.ts';

async function findSeenBriefId(seat: Seat, taskId: string): Promise<string | undefined> {
  const row = await seat.db
    .selectFrom('briefAcknowledgements')
    .select('briefVersionId')
    .where('orgId', '=', seat.record.orgId)
    .where('taskId', '=', taskId)
    .orderBy('acknowledgedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.briefVersionId;
}

/** The current brief, and the one that the intern has seen where that is another. */
async function loadBriefPair(
  seat: Seat,
  task: { readonly id: string; readonly briefVersionId: string; readonly createdAt: string },
): Promise<{ brief: Brief; seenBrief: Brief | null }> {
  const seenId = await findSeenBriefId(seat, task.id);
  const briefs = await loadBriefs(seat, [task.briefVersionId, ...(seenId ? [seenId] : [])]);
  const brief =
    briefs.get(task.briefVersionId) ?? createUnknownBrief(task.briefVersionId, task.createdAt);
  const isCurrent = seenId === undefined || seenId === task.briefVersionId;
  return { brief, seenBrief: isCurrent ? null : (briefs.get(seenId) ?? null) };
}

async function loadDraft(seat: Seat, taskId: string, locator: FileLocator): Promise<Draft | null> {
  if (seat.record.role !== 'intern') return null;
  const draft = await loadDraftRow(seat, taskId);
  return {
    note: draft.note,
    tickedCriterionIds: draft.ticked,
    files: await locator.locateAll(await loadAttachedFiles(seat, { kind: 'draft', taskId })),
  };
}

async function loadProjectTerms(seat: Seat, projectId: string) {
  const row = await seat.db
    .selectFrom('projects')
    .select(['roundsIncluded', 'latePolicy', 'graceMinutes', 'rubricJson'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', projectId)
    .executeTakeFirst();
  if (row === undefined) return { roundsIncluded: 0, latePolicy: '', graceMinutes: 0, rubric: [] };
  const { rubricJson, ...terms } = row;
  return { ...terms, rubric: parseRubric(rubricJson) };
}

/** Where the two sides' clocks stand; the employer's as the project has it. */
async function loadZones(seat: Seat, engagementId: string, dueZone: string) {
  const row = await seat.db
    .selectFrom('engagements')
    .leftJoin('memberships', (join) =>
      join
        .onRef('memberships.orgId', '=', 'engagements.orgId')
        .onRef('memberships.id', '=', 'engagements.membershipId'),
    )
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .select(['memberships.timeZone as intern', 'projects.timeZone as employer'])
    .where('engagements.orgId', '=', seat.record.orgId)
    .where('engagements.id', '=', engagementId)
    .executeTakeFirst();
  return { intern: row?.intern ?? null, employer: row?.employer ?? dueZone };
}

/** @throws StintError `not_found` when the seat holds no such task. */
export async function loadTaskDetail(
  workspace: Workspace,
  seat: Seat,
  taskId: string,
): Promise<RequestOutput<'task.get'>> {
  const item = await getTaskItem(seat, taskId, computeNow(workspace));
  const task = await getTaskRow(seat, taskId);
  const locator = new FileLocator(workspace, seat);
  const decisions = await loadTaskDecisions(seat, { taskIds: [taskId] });
  return {
    item,
    ...(await loadBriefPair(seat, task)),
    references: await locator.locateAll(await loadAttachedFiles(seat, { kind: 'task', taskId })),
    draft: await loadDraft(seat, taskId, locator),
    submissions: await loadSubmissions(workspace, seat, { taskId }),
    timeEntries: await loadTimeEntries(seat, { taskId }),
    questions: (await loadQuestions(seat, { taskId })).map(({ question }) => question),
    extensionRequests: (await loadExtensionRequests(seat, { taskId })).map(
      ({ request }) => request,
    ),
    zones: await loadZones(seat, task.engagementId, item.due.zone),
    briefVersions: await loadBriefVersions(seat, taskId),
    roundsUsed: decisions.get(taskId)?.roundsUsed ?? 0,
    ...(await loadProjectTerms(seat, item.projectId)),
  };
}
