import type { bundleRequests } from '../../../shared/contract/bundle-requests.ts';
import type { deskRequests } from '../../../shared/contract/desk-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { StintError } from '../../../shared/errors.ts';
import { getSeat } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadEngagements } from '../work/engagements.ts';
import { getBundleJobs } from './bundle-jobs.ts';
import { loadBundleRecords } from './bundle-records.ts';
import { measureBundle } from './measure-bundle.ts';
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

  'bundle.begin': async ({ seatId, options, ...subject }, workspace) => {
    const engagementIds = await listEngagementIds(getSeat(workspace, seatId), subject);
    return { jobId: await getBundleJobs(workspace).begin(seatId, engagementIds, options) };
  },

  'bundle.pause': async ({ seatId, jobId }, workspace) => {
    await getBundleJobs(workspace).pause(seatId, jobId);
    return {};
  },

  'bundle.resume': async ({ seatId, jobId }, workspace) => {
    await getBundleJobs(workspace).resume(seatId, jobId);
    return {};
  },

  'bundles.measure': async ({ seatId, options, ...subject }, workspace) => {
    const seat = getSeat(workspace, seatId);
    return measureBundle(workspace, seat, await listEngagementIds(seat, subject), options);
  },

  'bundle.end': async ({ seatId, jobId }, workspace) => {
    await getBundleJobs(workspace).end(seatId, jobId);
    return {};
  },

  'bundles.jobs': async ({ seatId }, workspace) => getBundleJobs(workspace).list(seatId),

  'bundles.records': ({ seatId }, workspace) => loadBundleRecords(getSeat(workspace, seatId)),
};

async function listEngagementIds(
  seat: Seat,
  { engagementIds, projectId }: { engagementIds: readonly string[]; projectId: string | null },
): Promise<readonly string[]> {
  const ofProject =
    projectId === null
      ? []
      : (await loadEngagements(seat, { projectId })).filter(({ agreedAt }) => agreedAt !== null);
  const all = [
    ...new Set([...engagementIds, ...ofProject.map(({ engagementId }) => engagementId)]),
  ];
  if (all.length === 0)
    throw new StintError(
      'invalid_input',
      projectId === null
        ? 'a bundle is about one engagement at least'
        : 'nobody has agreed to this project yet: there is nothing to export',
      { field: projectId === null ? 'engagementIds' : 'projectId' },
    );
  return all;
}
