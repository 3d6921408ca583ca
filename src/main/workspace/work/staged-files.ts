import type { ManifestFile } from '../../../shared/domain/manifest.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Workspace } from '../engine/workspace.ts';

/**
 * A staged file as a mutation names it, with a new attachment id: one staged file may be attached as often
 * as one likes.
 *
 * @param field the input field that named it, for the error.
 * @throws StintError `not_found` when nothing is staged under that id.
 */
export async function createFileUse(
  workspace: Workspace,
  stagedId: string,
  field: string,
): Promise<ManifestFile> {
  const staged = await workspace.db
    .selectFrom('stagedFiles')
    .select(['name', 'sizeBytes', 'mediaType', 'sha256'])
    .where('stagedId', '=', stagedId)
    .executeTakeFirst();
  if (staged === undefined)
    throw new StintError(
      'not_found',
      `no file was taken in under ${stagedId}; take the file in again, then attach it`,
      { field },
    );
  return { attachmentId: workspace.ports.randomness.uuid(), ...staged };
}
