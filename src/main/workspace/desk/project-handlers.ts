import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat } from '../engine/workspace.ts';
import { getEngagement, loadEngagements } from '../work/engagements.ts';
import { loadTaskItems } from '../work/task-list.ts';
import { createChange } from '../seats/seat.ts';
import { computeNextPosition, getTemplateRow, loadTemplatesWithReplaced } from './templates.ts';
import type { RubricCriterion } from '../../../shared/domain/rubric.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import { computeTemplate } from '../../../shared/mutations/template-mutations.ts';
import { getProject, getProjectRow, loadProjectItems } from './projects.ts';

type ProjectRequests = Record<
  | 'projects.list'
  | 'project.get'
  | 'project.create'
  | 'project.edit'
  | 'project.close'
  | 'template.save'
  | 'template.remove'
  | 'engagement.get'
  | 'engagement.complete'
  | 'engagement.withdraw',
  unknown
>;

/** A criterion that is new gets its id here. */
function fillIds(
  randomness: WorkspacePorts['randomness'],
  rubric: readonly (Omit<RubricCriterion, 'id'> & { readonly id?: string | undefined })[],
): RubricCriterion[] {
  return rubric.map((criterion) => ({ ...criterion, id: criterion.id ?? randomness.uuid() }));
}

export const projectHandlers = {
  'projects.list': async ({ seatId }, workspace) => loadProjectItems(getSeat(workspace, seatId)),

  'project.get': async ({ seatId, projectId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    return {
      ...(await getProject(seat, projectId)),
      templates: await loadTemplatesWithReplaced(seat, projectId, computeNow(workspace)),
      engagements: await loadEngagements(seat, { projectId }),
    };
  },

  'project.create': async ({ seatId, terms, templates }, workspace) => {
    const { randomness } = workspace.ports;
    const projectId = randomness.uuid();
    const subject = terms.title;
    await getSeat(workspace, seatId).mutateAll([
      createChange(
        'project.create',
        { projectId, terms: { ...terms, rubric: fillIds(randomness, terms.rubric) } },
        { subject },
      ),
      ...templates.map((template, position) =>
        createChange(
          'template.save',
          { templateId: randomness.uuid(), projectId, position, template, seen: null },
          { subject: template.title },
        ),
      ),
    ]);
    return { projectId };
  },

  'project.edit': async ({ seatId, projectId, patch, seen }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getProjectRow(seat, projectId);
    const { rubric, ...others } = patch;
    const filled =
      rubric === undefined ? {} : { rubric: fillIds(workspace.ports.randomness, rubric) };
    await seat.mutate(
      'project.edit',
      { projectId, patch: { ...others, ...filled }, seen },
      { subject: title },
    );
    return {};
  },

  'template.save': async ({ seatId, projectId, templateId, template, seen }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = template.title;
    if (templateId === undefined) {
      const newId = workspace.ports.randomness.uuid();
      const position = await computeNextPosition(seat, projectId);
      await seat.mutate(
        'template.save',
        { templateId: newId, projectId, position, template, seen: null },
        { subject },
      );
      return { templateId: newId };
    }
    const row = await getTemplateRow(seat, templateId);
    await seat.mutate(
      'template.save',
      {
        templateId,
        projectId,
        position: row.position,
        template,
        seen: { ...(seen ?? computeTemplate(row)), isRemoved: row.removedAt !== null },
      },
      { subject },
    );
    return { templateId };
  },

  'template.remove': async ({ seatId, templateId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const row = await getTemplateRow(seat, templateId);
    await seat.mutate(
      'template.remove',
      { templateId, seen: computeTemplate(row) },
      { subject: row.title },
    );
    return {};
  },

  'project.close': async ({ seatId, projectId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getProjectRow(seat, projectId);
    await seat.mutate('project.close', { projectId }, { subject: title });
    return {};
  },

  'engagement.get': async ({ seatId, engagementId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    return {
      engagement: await getEngagement(seat, engagementId),
      tasks: await loadTaskItems(seat, { engagementId }, computeNow(workspace)),
    };
  },

  'engagement.complete': async ({ seatId, engagementId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { intern } = await getEngagement(seat, engagementId);
    await seat.mutate('engagement.complete', { engagementId }, { subject: intern.name });
    return {};
  },

  'engagement.withdraw': async ({ seatId, engagementId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { intern } = await getEngagement(seat, engagementId);
    await seat.mutate('engagement.withdraw', { engagementId }, { subject: intern.name });
    return {};
  },
} satisfies HandlersOf<ProjectRequests>;
