import type { deskRequests } from '../../../shared/contract/desk-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import { loadEngagements } from '../work/engagements.ts';
import { exportBundle } from './export-bundle.ts';

type BundleRequests = Pick<typeof deskRequests, 'bundles.list' | 'bundle.export'>;

/** What can be exported, what was, and the export itself. */
export const bundleHandlers: HandlersOf<BundleRequests> = {
  'bundles.list': async ({ seatId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const handedIn = await seat.db
      .selectFrom('submissions')
      .select('engagementId')
      .distinct()
      .where('orgId', '=', seat.record.orgId)
      .execute();
    const withWork = new Set(handedIn.map(({ engagementId }) => engagementId));
    const engagements = await loadEngagements(seat, {});
    const exported = await workspace.db
      .selectFrom('exports')
      .select(['fileName', 'engagementId', 'exportedAt', 'sizeBytes', 'sha256'])
      .where('seatId', '=', seatId)
      .orderBy('exportedAt', 'desc')
      .orderBy('fileName')
      .execute();
    return {
      engagements: engagements.filter(({ engagementId }) => withWork.has(engagementId)),
      exported: exported.flatMap(({ engagementId, ...file }) =>
        engagementId === null ? [] : [{ ...file, engagementId }],
      ),
    };
  },

  'bundle.export': async ({ seatId, engagementId }, workspace) => {
    const { fileName, path, sizeBytes, sha256, missing } = await exportBundle(
      workspace,
      getSeat(workspace, seatId),
      [engagementId],
    );
    return { fileName, path, sizeBytes, sha256, missing };
  },
};
