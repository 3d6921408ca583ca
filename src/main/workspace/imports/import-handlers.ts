import { Temporal } from 'temporal-polyfill';
import type { ImportPreview, importRequests } from '../../../shared/contract/import-requests.ts';
import { computeDerivedId } from '../../../shared/domain/derived-id.ts';
import type { ManifestFile } from '../../../shared/domain/manifest.ts';
import { StintError } from '../../../shared/errors.ts';
import { getProjectRow } from '../desk/projects.ts';
import { loadTemplates } from '../desk/templates.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import { type Change, createChange, type Seat } from '../seats/seat.ts';
import { getEngagement, loadEngagements } from '../work/engagements.ts';
import { createFileUse } from '../work/staged-files.ts';
import { findOrdinal, type ImportPlan } from './import-plan.ts';
import { listCriteria } from './list-criteria.ts';
import { planInterns } from './plan-interns.ts';
import { planTasks } from './plan-tasks.ts';

interface Wanted {
  readonly projectId: string;
  readonly kind: 'tasks' | 'interns';
  readonly csv: string;
  readonly validDays: number;
}

async function plan(
  workspace: Workspace,
  seat: Seat,
  { projectId, kind, csv, validDays }: Wanted,
): Promise<ImportPlan> {
  const project = await getProjectRow(seat, projectId);
  return kind === 'tasks'
    ? planTasks(seat, csv, { ports: workspace.ports, project })
    : planInterns(workspace, seat, csv, { projectId, validDays });
}

function toPreview({ rows, unknownColumns, problem }: ImportPlan): ImportPreview {
  return {
    rows: rows.map(({ line, state, title, details, due, estimateMinutes, problems }) => ({
      line,
      state,
      title,
      details: [...details],
      ...(due === undefined ? {} : { due, estimateMinutes }),
      problems: [...problems],
    })),
    unknownColumns: [...unknownColumns],
    problem,
  };
}

/**
 * What would be assigned a second time is told apart by the task's id, which follows from template and engagement. One that
 * was cancelled may be assigned anew.
 */
async function planTemplates(
  workspace: Workspace,
  seat: Seat,
  wanted: {
    readonly projectId: string;
    readonly templateIds: readonly string[];
    readonly engagementIds: readonly string[];
  },
): Promise<{ readonly changes: readonly Change[]; readonly alreadyThere: number }> {
  const project = await getProjectRow(seat, wanted.projectId);
  const templates = (await loadTemplates(seat, project.id)).filter(({ templateId }) =>
    wanted.templateIds.includes(templateId),
  );
  if (templates.length !== new Set(wanted.templateIds).size)
    throw new StintError('not_found', 'one of these templates is not in this project any more', {
      field: 'templateIds',
    });
  const engagements = (await loadEngagements(seat, { projectId: project.id })).filter(
    ({ engagementId }) => wanted.engagementIds.includes(engagementId),
  );
  if (engagements.length !== new Set(wanted.engagementIds).size)
    throw new StintError('not_found', 'one of these engagements is not in this project', {
      field: 'engagementIds',
    });
  const isCancelledById = await loadCancellations(seat, wanted.engagementIds);
  const changes: Change[] = [];
  let alreadyThere = 0;
  for (const { engagementId, startsOn } of engagements)
    for (const template of templates) {
      const deriveAs = (purpose: string, ordinal: number) =>
        computeDerivedId(
          engagementId,
          `template/${template.templateId}/${purpose}${ordinal === 0 ? '' : `/${ordinal}`}`,
          workspace.ports.sha256Hex,
        );
      const ordinal = findOrdinal(0, (each) => isCancelledById.get(deriveAs('task', each)));
      if (ordinal === undefined) {
        alreadyThere += 1;
        continue;
      }
      const derive = (purpose: string) => deriveAs(purpose, ordinal);
      const day = Temporal.PlainDate.from(startsOn).add({ days: template.dueDays });
      changes.push(
        createChange(
          'task.assign',
          {
            taskId: derive('task'),
            engagementId,
            title: template.title,
            briefVersionId: derive('brief'),
            instructions: template.instructions,
            criteria: listCriteria(template.criteria).map((text, index) => ({
              id: derive(`criterion-${index}`),
              text,
            })),
            deadlineId: derive('deadline'),
            deadline: { wall: `${day.toString()}T${template.dueTime}`, zone: project.timeZone },
            estimateMinutes: template.estimateMinutes,
            references: [],
          },
          { subject: template.title },
        ),
      );
    }
  return { changes, alreadyThere };
}

/** Whether each task of these engagements was cancelled, by its id. */
async function loadCancellations(
  seat: Seat,
  engagementIds: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await seat.db
    .selectFrom('tasks')
    .select(['id', 'cancelledAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('engagementId', 'in', [...engagementIds])
    .execute();
  return new Map(rows.map(({ id, cancelledAt }) => [id, cancelledAt !== null]));
}

export const importHandlers = {
  'project.previewImport': async ({ seatId, ...wanted }, workspace) =>
    toPreview(await plan(workspace, getSeat(workspace, seatId), { ...wanted, validDays: 14 })),

  'project.import': async ({ seatId, ...wanted }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { rows, problem } = await plan(workspace, seat, wanted);
    const wrong = rows.filter(({ state }) => state === 'wrong');
    if (problem !== null || wrong.length > 0)
      throw new StintError(
        'invalid_input',
        problem ??
          `${wrong.length === 1 ? 'one row is' : `${wrong.length} rows are`} wrong, the first on line ${wrong[0]?.line ?? 0}; nothing was imported`,
        { field: 'csv' },
      );
    const changes = rows.flatMap(({ change }) => (change === undefined ? [] : [change]));
    await seat.mutateAll(changes);
    return {
      made: changes.length,
      alreadyThere: rows.length - changes.length,
      links: rows.flatMap(({ link }) => (link === undefined ? [] : [link])),
    };
  },

  'task.assignToMany': async (
    { seatId, engagementIds, criteria, referenceStagedIds, ...task },
    workspace,
  ) => {
    const seat = getSeat(workspace, seatId);
    const { randomness } = workspace.ports;
    const changes: Change[] = [];
    const taskIds: string[] = [];
    for (const engagementId of new Set(engagementIds)) {
      await getEngagement(seat, engagementId);
      const references: ManifestFile[] = [];
      for (const [index, stagedId] of referenceStagedIds.entries())
        references.push(await createFileUse(workspace, stagedId, `referenceStagedIds.${index}`));
      const taskId = randomness.uuid();
      taskIds.push(taskId);
      changes.push(
        createChange(
          'task.assign',
          {
            ...task,
            taskId,
            engagementId,
            briefVersionId: randomness.uuid(),
            deadlineId: randomness.uuid(),
            criteria: criteria.map((text) => ({ id: randomness.uuid(), text })),
            references,
          },
          { subject: task.title },
        ),
      );
    }
    await seat.mutateAll(changes);
    return { taskIds };
  },

  'template.assign': async ({ seatId, ...wanted }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { changes, alreadyThere } = await planTemplates(workspace, seat, wanted);
    await seat.mutateAll(changes);
    return { assigned: changes.length, alreadyThere };
  },
} satisfies HandlersOf<typeof importRequests>;
