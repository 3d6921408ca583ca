import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { BundleOptions } from '../../../shared/domain/bundle-options.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { Turns } from '../sync/turns.ts';
import { computeEngagementDocument, listBundledFiles } from './compute-engagement-document.ts';
import { loadEngagementRows, selectRows } from './load-engagement-rows.ts';

/**
 * What a bundle with these options would hold. The size is that of its files; the report and the tables beside them
 * come to little, and are only known once they are made.
 */
export async function measureBundle(
  workspace: Workspace,
  seat: Seat,
  engagementIds: readonly string[],
  options: BundleOptions,
): Promise<RequestOutput<'bundles.measure'>> {
  const measured = { fileCount: 0, sizeBytes: 0, toFetchBytes: 0 };
  const revisions: RequestOutput<'bundles.measure'>['revisions'] = [];
  const absent = new Map<string, boolean>();
  const turns = new Turns(() => seat.clock.monotonicMs());
  for (const engagementId of engagementIds) {
    const rows = await loadEngagementRows(seat, engagementId, turns);
    await turns.pass();
    const whole = computeEngagementDocument(rows, new Map());
    await turns.pass();
    const chosen = computeEngagementDocument(selectRows(rows, options), new Map(), options);
    for (const { sha256, sizeBytes } of listBundledFiles(chosen)) {
      measured.fileCount += 1;
      measured.sizeBytes += sizeBytes;
      if (absent.has(sha256)) continue;
      const isAbsent = !(await workspace.files.has(sha256));
      absent.set(sha256, isAbsent);
      if (isAbsent) measured.toFetchBytes += sizeBytes;
    }
    for (const task of whole.tasks)
      for (const { id, revision, files, reviews } of task.submissions)
        revisions.push({
          submissionId: id,
          engagementId,
          internName: whole.engagement.intern.name,
          taskTitle: task.title,
          revision,
          decision: reviews.find(({ counts }) => counts)?.decision ?? null,
          fileCount: files.length,
          sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
        });
  }
  return { ...measured, revisions };
}
