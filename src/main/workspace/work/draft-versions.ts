import type { FileVersion, NoteVersion } from '../../../shared/contract/shapes.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { FileLocator, loadAttachedFiles } from './file-items.ts';

/** As many are shown of a note; nobody looks through more. */
const mostNotes = 100;

/** History is open for the revision that is being prepared, and closed by handing it in. */
async function loadOpenRevision(seat: Seat, taskId: string): Promise<number> {
  const newest = await seat.db
    .selectFrom('submissions')
    .select('revision')
    .where('orgId', '=', seat.record.orgId)
    .where('taskId', '=', taskId)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (newest?.revision ?? 0) + 1;
}

export async function loadNoteVersions(seat: Seat, taskId: string): Promise<NoteVersion[]> {
  const draft = await seat.db
    .selectFrom('drafts')
    .select('noteVersionId')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  const rows = await seat.db
    .selectFrom('draftVersions')
    .select(['id', 'note', 'writtenAt', 'replacedAt', 'isConcurrent'])
    .where('orgId', '=', seat.record.orgId)
    .where('taskId', '=', taskId)
    .where('kind', '=', 'note')
    .where('revision', '=', await loadOpenRevision(seat, taskId))
    .orderBy('replacedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(mostNotes)
    .execute();
  return rows
    .filter(({ id, note }) => id !== draft?.noteVersionId && note !== null && note !== '')
    .map(({ id, note, isConcurrent, ...times }) => ({
      versionId: id,
      note: note ?? '',
      isConcurrent: isConcurrent === 1,
      ...times,
    }));
}

export async function loadFileVersions(
  workspace: Workspace,
  seat: Seat,
  taskId: string,
): Promise<FileVersion[]> {
  const rows = await seat.db
    .selectFrom('draftVersions')
    .innerJoin('attachments', (join) =>
      join
        .onRef('attachments.id', '=', 'draftVersions.id')
        .onRef('attachments.orgId', '=', 'draftVersions.orgId'),
    )
    .select([
      'attachments.id as attachmentId',
      'name',
      'sizeBytes',
      'mediaType',
      'sha256',
      'arrivedAt',
      'writtenAt',
      'replacedAt',
    ])
    .where('draftVersions.orgId', '=', seat.record.orgId)
    .where('draftVersions.taskId', '=', taskId)
    .where('kind', '=', 'file')
    .where('removedAt', 'is not', null)
    .where('revision', '=', await loadOpenRevision(seat, taskId))
    .orderBy('replacedAt', 'desc')
    .orderBy('draftVersions.id', 'desc')
    .execute();
  const present = await loadAttachedFiles(seat, { kind: 'draft', taskId });
  const names = new Set(present.map(({ name }) => name));
  // The same content under the same name, here now or in a newer version, would bring back nothing.
  const seen = new Set(present.map(({ name, sha256 }) => `${sha256} ${name}`));
  const locator = new FileLocator(workspace, seat);
  const versions: FileVersion[] = [];
  for (const { writtenAt, replacedAt, ...use } of rows) {
    const key = `${use.sha256} ${use.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    versions.push({
      file: await locator.locate(use),
      attachedAt: writtenAt,
      replacedAt,
      isReplaced: names.has(use.name),
    });
  }
  return versions;
}

/** @throws StintError `not_found` where there is no such version, or the work was handed in since. */
export async function getNoteVersion(
  seat: Seat,
  taskId: string,
  versionId: string,
): Promise<string> {
  const versions = await loadNoteVersions(seat, taskId);
  const found = versions.find((version) => version.versionId === versionId);
  if (found === undefined)
    throw new StintError(
      'not_found',
      `there is no earlier version ${versionId} of this note; versions go when the work is handed in`,
      { field: 'versionId' },
    );
  return found.note;
}

/** @throws StintError `conflict` for a file that was set aside before the newest submission. */
export async function assertCanComeBack(seat: Seat, attachmentId: string): Promise<void> {
  const version = await seat.db
    .selectFrom('draftVersions')
    .select(['taskId', 'revision'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', attachmentId)
    .executeTakeFirst();
  if (version === undefined) return;
  if (version.revision !== (await loadOpenRevision(seat, version.taskId)))
    throw new StintError(
      'conflict',
      'the work was handed in since; what was replaced before that can no longer be brought back – attach the file again',
      { field: 'attachmentId' },
    );
}
