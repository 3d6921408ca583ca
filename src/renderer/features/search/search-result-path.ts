import type { SearchHit } from '../../../shared/contract/search-requests.ts';
import {
  engagementPath,
  projectPath,
  projectTaskPath,
  reviewPath,
  taskPath,
} from '../../routes.ts';

/** Where a hit is looked at, by this person. */
export function computeHitPath(hit: SearchHit, isIntern: boolean): string {
  const { kind, seatId, taskId, projectId, engagementId, submissionId } = hit;
  if (isIntern) return taskId === null ? '/tasks' : taskPath(seatId, taskId);
  if (submissionId !== null && kind !== 'time') return reviewPath(submissionId);
  if (kind === 'person' || kind === 'time')
    return engagementId === null ? '/people' : engagementPath(engagementId);
  if (taskId !== null && projectId !== null) return projectTaskPath(projectId, taskId);
  return projectId === null ? '/projects' : projectPath(projectId);
}
