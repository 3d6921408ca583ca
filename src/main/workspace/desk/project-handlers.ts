import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat } from '../engine/workspace.ts';
import { getEngagement, loadEngagements } from '../work/engagements.ts';
import { loadTaskItems } from '../work/task-list.ts';
import { getProject, getProjectRow, loadProjectItems } from './projects.ts';

type ProjectRequests = Record<
  | 'projects.list'
  | 'project.get'
  | 'project.create'
  | 'project.edit'
  | 'project.close'
  | 'engagement.get'
  | 'engagement.complete'
  | 'engagement.withdraw',
  unknown
>;

export const projectHandlers = {
  'projects.list': async ({ seatId }, workspace) => loadProjectItems(getSeat(workspace, seatId)),

  'project.get': async ({ seatId, projectId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    return {
      ...(await getProject(seat, projectId)),
      engagements: await loadEngagements(seat, { projectId }),
    };
  },

  'project.create': async ({ seatId, terms }, workspace) => {
    const projectId = workspace.ports.randomness.uuid();
    await getSeat(workspace, seatId).mutate(
      'project.create',
      { projectId, terms },
      { subject: terms.title },
    );
    return { projectId };
  },

  'project.edit': async ({ seatId, projectId, patch, seen }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getProjectRow(seat, projectId);
    await seat.mutate('project.edit', { projectId, patch, seen }, { subject: title });
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
