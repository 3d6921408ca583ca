import { type BundleOptions, wholeBundle } from '../../../shared/domain/bundle-options.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { type BundleWatch, exportBundle, type ExportedBundle } from './export-bundle.ts';

/** Exports, and puts down in the organization's history what was exported, by whom and with which hash. */
export async function exportAndRecord(
  workspace: Workspace,
  seat: Seat,
  engagementIds: readonly string[],
  options: BundleOptions = wholeBundle,
  watch: BundleWatch = {},
): Promise<ExportedBundle> {
  const exported = await exportBundle(workspace, seat, engagementIds, options, watch);
  // What an intern takes along of their own is theirs alone.
  if (seat.record.role === 'intern') return exported;
  const { fileName, sizeBytes, sha256 } = exported;
  await seat.mutate(
    'bundle.record',
    {
      exportId: workspace.ports.randomness.uuid(),
      engagementIds: [...new Set(engagementIds)],
      fileName,
      sizeBytes,
      sha256,
      contents: {
        revisions: options.submissionIds === null ? options.revisions : 'chosen',
        hours: options.hours,
        evaluations: options.evaluations,
        namesRedacted: options.redactsNames,
      },
    },
    { subject: fileName },
  );
  return exported;
}
