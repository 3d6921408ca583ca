import { z } from 'zod';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { recordedContentsSchema } from '../../../shared/mutations/bundle-mutations.ts';
import type { Seat } from '../seats/seat.ts';
import { loadEngagements } from '../work/engagements.ts';

const longestList = 500;

/** What was exported from whichever device, newest first. */
export async function loadBundleRecords(seat: Seat): Promise<RequestOutput<'bundles.records'>> {
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
    .limit(longestList)
    .execute();
  const engagements = new Map(
    (await loadEngagements(seat, {})).map((each) => [each.engagementId, each]),
  );
  return rows.map((row) => {
    const engagementIds = z.array(z.string()).parse(JSON.parse(row.engagementIdsJson));
    const known = engagementIds.flatMap((id) => engagements.get(id) ?? []);
    const projects = new Set(known.map(({ projectTitle }) => projectTitle));
    const [first] = known;
    return {
      exportId: row.id,
      engagementIds,
      fileName: row.fileName,
      sizeBytes: row.sizeBytes,
      sha256: row.sha256,
      exportedBy: row.displayName ?? 'somebody who is not known here',
      exportedAt: row.claimedAt,
      about:
        engagementIds.length === 1
          ? (first?.intern.name ?? '')
          : `${engagementIds.length} engagements${projects.size === 1 ? `, ${first?.projectTitle ?? ''}` : ''}`,
      contents: recordedContentsSchema.parse(JSON.parse(row.contentsJson)),
    };
  });
}
