import type { bundleRequests } from '../../../shared/contract/bundle-requests.ts';
import type { deskRequests } from '../../../shared/contract/desk-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import { loadEngagements } from '../work/engagements.ts';
import { getBundleJobs } from './bundle-jobs.ts';
import { exportAndRecord } from './record-bundle.ts';

type BundleRequests = Pick<typeof deskRequests, 'bundles.list' | 'bundle.export'> &
  typeof bundleRequests;

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
    const { fileName, path, sizeBytes, sha256, missing } = await exportAndRecord(
      workspace,
      getSeat(workspace, seatId),
      [engagementId],
    );
    return { fileName, path, sizeBytes, sha256, missing };
  },

  'bundle.begin': async ({ seatId, engagementIds, options }, workspace) => ({
    jobId: await getBundleJobs(workspace).begin(seatId, engagementIds, options),
  }),

  'bundle.end': async ({ seatId, jobId }, workspace) => {
    await getBundleJobs(workspace).end(seatId, jobId);
    return {};
  },

  'bundles.jobs': async ({ seatId }, workspace) => getBundleJobs(workspace).list(seatId),

  'bundles.records': async ({ seatId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const rows = await seat.db
      .selectFrom('bundleExports')
      .leftJoin('memberships', (join) =>
        join
          .onRef('memberships.orgId', '=', 'bundleExports.orgId')
          .onRef('memberships.id', '=', 'bundleExports.exportedBy'),
      )
      .selectAll('bundleExports')
      .select('memberships.displayName')
      .where('bundleExports.orgId', '=', seat.record.orgId)
      .orderBy('bundleExports.claimedAt', 'desc')
      .orderBy('bundleExports.id')
      .limit(500)
      .execute();
    return rows.map((row) => ({
      exportId: row.id,
      engagementIds: JSON.parse(row.engagementIdsJson) as string[],
      fileName: row.fileName,
      sizeBytes: row.sizeBytes,
      sha256: row.sha256,
      exportedBy: row.displayName ?? 'somebody who is not known here',
      exportedAt: row.claimedAt,
      namesRedacted: (JSON.parse(row.contentsJson) as { namesRedacted: boolean }).namesRedacted,
    }));
  },
};
