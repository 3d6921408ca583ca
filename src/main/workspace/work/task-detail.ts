import type { Brief, Draft, Submission } from '../../../shared/contract/shapes.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { parseRubric, type RubricCriterion } from '../../../shared/domain/rubric.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadExtensionRequests, loadQuestions } from './asked.ts';
import { createUnknownBrief, findReplacedBrief, loadBriefs, loadBriefVersions } from './briefs.ts';
import { FileLocator, loadAttachedFiles } from './file-items.ts';
import { loadDraftRow } from './drafts.ts';
import { loadSubmissions } from './submissions.ts';
import { loadTaskDecisions } from './task-decisions.ts';
import { getTaskItem, getTaskRow } from './task-list.ts';
import { findTermsThatHold } from './terms-that-hold.ts';
import { loadTimeEntries } from './time-entries.ts';

/**
 * The newest version that the intern has seen, whenever that was said: another device may say later that it has seen an
 * older one.
 */
async function findSeenBriefId(seat: Seat, taskId: string): Promise<string | undefined> {
  const row = await seat.db
    .selectFrom('briefAcknowledgements')
    .leftJoin('briefVersions', (join) =>
      join
        .onRef('briefVersions.orgId', '=', 'briefAcknowledgements.orgId')
        .onRef('briefVersions.id', '=', 'briefAcknowledgements.briefVersionId'),
    )
    .select('briefVersionId')
    .where('briefAcknowledgements.orgId', '=', seat.record.orgId)
    .where('briefAcknowledgements.taskId', '=', taskId)
    .orderBy('briefVersions.version', 'desc')
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

async function loadTerms(seat: Seat, engagementId: string) {
  const terms = await findTermsThatHold(seat, engagementId);
  return {
    roundsIncluded: terms?.roundsIncluded ?? 0,
    latePolicy: terms?.latePolicy ?? '',
    graceMinutes: terms?.graceMinutes ?? 0,
    rubric: terms?.rubric ?? [],
  };
}

/** Lines of the project's own rubric that were not agreed, and that reviews have scored all the same. */
async function loadOtherScoredLines(
  seat: Seat,
  projectId: string,
  agreed: readonly RubricCriterion[],
  submissions: readonly Submission[],
): Promise<RubricCriterion[]> {
  const scored = new Set(
    submissions.flatMap(({ reviews }) =>
      reviews.flatMap(({ scores }) => scores.map(({ rubricCriterionId }) => rubricCriterionId)),
    ),
  );
  for (const { id } of agreed) scored.delete(id);
  if (scored.size === 0) return [];
  const project = await seat.db
    .selectFrom('projects')
    .select('rubricJson')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', projectId)
    .executeTakeFirst();
  return parseRubric(project?.rubricJson ?? null).filter(({ id }) => scored.has(id));
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
  const submissions = await loadSubmissions(workspace, seat, { taskId });
  const terms = await loadTerms(seat, task.engagementId);
  const briefVersions = await loadBriefVersions(seat, taskId);
  return {
    item,
    ...(await loadBriefPair(seat, task)),
    references: await locator.locateAll(await loadAttachedFiles(seat, { kind: 'task', taskId })),
    draft: await loadDraft(seat, taskId, locator),
    submissions,
    timeEntries: await loadTimeEntries(seat, { taskId }),
    questions: (await loadQuestions(seat, { taskId })).map(({ question }) => question),
    extensionRequests: (await loadExtensionRequests(seat, { taskId })).map(
      ({ request }) => request,
    ),
    zones: await loadZones(seat, task.engagementId, item.due.zone),
    briefVersions,
    replacedBrief:
      seat.record.role === 'intern' ? null : await findReplacedBrief(seat, task, briefVersions),
    roundsUsed: decisions.get(taskId)?.roundsUsed ?? 0,
    ...terms,
    rubric: [
      ...terms.rubric,
      ...(await loadOtherScoredLines(seat, item.projectId, terms.rubric, submissions)),
    ],
  };
}
