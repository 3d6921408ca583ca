import type { Criterion } from '../../../shared/domain/fields.ts';
import { computeManifestHash, type ManifestFile } from '../../../shared/domain/manifest.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadBriefs } from './briefs.ts';
import { type FileUse, loadAttachedFiles } from './file-items.ts';
import { getTaskRow } from './task-list.ts';

/** The draft as it stands; an empty one where nothing was written yet. */
export async function loadDraftRow(
  seat: Seat,
  taskId: string,
): Promise<{ note: string; ticked: string[] }> {
  const row = await seat.db
    .selectFrom('drafts')
    .select(['note', 'tickedJson'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  return row === undefined
    ? { note: '', ticked: [] }
    : { note: row.note, ticked: JSON.parse(row.tickedJson) as string[] };
}

/** What the draft would be as a submission, before it gets ids of its own. */
export interface PreparedWork {
  readonly taskTitle: string;
  readonly taskId: string;
  readonly briefVersionId: string;
  readonly deadlineId: string;
  readonly note: string;
  /** Only criteria that the current brief has: a tick on one that was dropped says nothing any more. */
  readonly ticked: string[];
  readonly criteria: readonly Criterion[];
  readonly files: readonly FileUse[];
  readonly manifestHash: string;
  readonly newest:
    | { readonly id: string; readonly revision: number; readonly manifestHash: string }
    | undefined;
}

/** @throws StintError `not_found` without the task, `forbidden` on an employer's seat. */
export async function loadPreparedWork(
  workspace: Workspace,
  seat: Seat,
  taskId: string,
): Promise<PreparedWork> {
  if (seat.record.role !== 'intern')
    throw new StintError('forbidden', `the role ${seat.record.role} may not do this: submit work`);
  const task = await getTaskRow(seat, taskId);
  const draft = await loadDraftRow(seat, taskId);
  const briefs = await loadBriefs(seat, [task.briefVersionId]);
  const criteria = briefs.get(task.briefVersionId)?.criteria ?? [];
  const ticked = draft.ticked.filter((id) => criteria.some((criterion) => criterion.id === id));
  const files = await loadAttachedFiles(seat, { kind: 'draft', taskId });
  const work = { taskId, briefVersionId: task.briefVersionId, note: draft.note, ticked };
  const newest = await seat.db
    .selectFrom('submissions')
    .select(['id', 'revision', 'manifestHash'])
    .where('orgId', '=', seat.record.orgId)
    .where('taskId', '=', taskId)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst();
  return {
    ...work,
    taskTitle: task.title,
    deadlineId: task.deadlineId,
    criteria,
    files,
    manifestHash: computeManifestHash({ ...work, files }, workspace.ports.sha256Hex),
    newest,
  };
}

/** The draft's files under new attachment ids: a submission's files are uses of their own. */
export function createManifestFiles(
  workspace: Workspace,
  files: readonly FileUse[],
): ManifestFile[] {
  return files.map(({ name, sha256, sizeBytes, mediaType }) => ({
    attachmentId: workspace.ports.randomness.uuid(),
    name,
    sha256,
    sizeBytes,
    mediaType,
  }));
}
