import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { computeCoveredSeconds } from '../../../shared/domain/worked-time.ts';
import type { Seat } from '../seats/seat.ts';
import { getEngagement } from '../work/engagements.ts';

/** What ending this engagement now would leave open. */
export async function countConsequences(
  seat: Seat,
  engagementId: string,
): Promise<RequestOutput<'engagement.consequences'>> {
  const { taskCount, acceptedCount, waitingForReviewCount } = await getEngagement(
    seat,
    engagementId,
  );
  const { orgId } = seat.record;
  const unapproved = await seat.db
    .selectFrom('timeEntries')
    .leftJoin('timesheets', (join) =>
      join
        .onRef('timesheets.orgId', '=', 'timeEntries.orgId')
        .onRef('timesheets.id', '=', 'timeEntries.timesheetId'),
    )
    .select(['timeEntries.startedAt', 'timeEntries.endedAt'])
    .where('timeEntries.orgId', '=', orgId)
    .where('timeEntries.engagementId', '=', engagementId)
    .where('timeEntries.deletedAt', 'is', null)
    .where(({ or, eb }) =>
      or([eb('timesheets.state', 'is', null), eb('timesheets.state', '!=', 'approved')]),
    )
    .execute();
  const files = await seat.db
    .selectFrom('attachments')
    .innerJoin('tasks', (join) =>
      join
        .onRef('tasks.orgId', '=', 'attachments.orgId')
        .onRef('tasks.id', '=', 'attachments.taskId'),
    )
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('attachments.orgId', '=', orgId)
    .where('tasks.engagementId', '=', engagementId)
    .where('attachments.ownerKind', 'in', ['task', 'submission'])
    .where('attachments.arrivedAt', 'is', null)
    .where('attachments.removedAt', 'is', null)
    .executeTakeFirstOrThrow();
  const amendments = await seat.db
    .selectFrom('amendments')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('orgId', '=', orgId)
    .where('engagementId', '=', engagementId)
    .where('state', '=', 'proposed')
    .executeTakeFirstOrThrow();
  return {
    openTasks: taskCount - acceptedCount,
    acceptedTasks: acceptedCount,
    unreviewedSubmissions: waitingForReviewCount,
    unapprovedSeconds: computeCoveredSeconds(unapproved),
    filesOnTheirWay: Number(files.count),
    openAmendments: Number(amendments.count),
  };
}
