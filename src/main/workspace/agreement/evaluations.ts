import type {
  EngagementEvaluations,
  Evaluation,
  OwnEvaluation,
} from '../../../shared/contract/evaluation-requests.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { computeSide } from '../../../shared/domain/agreement.ts';
import { computeOpensAt, evaluationContentSchema } from '../../../shared/domain/evaluation.ts';
import { erasedContentJson } from '../../../shared/mutations/evaluation-mutations.ts';
import type { Seat } from '../seats/seat.ts';
import { loadOrganizationName, loadPeopleByMembership } from '../work/people-names.ts';
import { loadSyncMarks } from '../work/sync-marks.ts';

async function loadEngagementRows(seat: Seat, engagementId: string | undefined) {
  let query = seat.db
    .selectFrom('engagements')
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .select([
      'engagements.id',
      'engagements.status',
      'engagements.endedAt',
      'engagements.membershipId',
      'projects.title as projectTitle',
    ])
    .where('engagements.orgId', '=', seat.record.orgId)
    .orderBy('engagements.endedAt', 'desc')
    .orderBy('engagements.id');
  query =
    engagementId === undefined
      ? query.where('engagements.status', '=', 'completed')
      : query.where('engagements.id', '=', engagementId);
  return query.execute();
}

/** By engagement, in the order in which they were written. What was erased is left out. */
async function loadRows(seat: Seat): Promise<Map<string, DomainRow<'evaluations'>[]>> {
  const rows = await seat.db
    .selectFrom('evaluations')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('contentJson', '!=', erasedContentJson)
    .orderBy('revision')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return Map.groupBy(rows, ({ engagementId }) => engagementId);
}

/** Of everyone but the newest's writer what they wrote last, the newest first, where it says something else. */
function listKeptBeside(sealed: readonly DomainRow<'evaluations'>[]): DomainRow<'evaluations'>[] {
  const newest = sealed.at(-1);
  const byWriter = new Map(sealed.map((row) => [row.writtenBy, row]));
  return [...byWriter.values()]
    .filter((row) => row !== newest && row.contentJson !== newest?.contentJson)
    .toSorted((left, right) => right.revision - left.revision);
}

/** Of one engagement, or of all that were completed. */
export async function loadEvaluations(
  seat: Seat,
  engagementId?: string,
): Promise<EngagementEvaluations[]> {
  const engagements = await loadEngagementRows(seat, engagementId);
  const rows = await loadRows(seat);
  const people = await loadPeopleByMembership(seat);
  const organizationName = await loadOrganizationName(seat);
  const marks = await loadSyncMarks(seat, 'evaluations');
  const ownSide = computeSide(seat.record.role);
  const show = (row: DomainRow<'evaluations'>): Evaluation => ({
    side: row.side,
    byName: people.get(row.writtenBy)?.name ?? '',
    content: evaluationContentSchema.parse(JSON.parse(row.contentJson)),
    writtenAt: row.claimedAt,
    isAfterOpening: row.afterOpening === 1,
  });
  const showOwn = (row: DomainRow<'evaluations'>): OwnEvaluation => ({
    ...show(row),
    isSelf: row.writtenBy === seat.record.membershipId,
  });
  return engagements.map((engagement): EngagementEvaluations => {
    const written = rows.get(engagement.id) ?? [];
    const opened = written.filter(({ openedAt }) => openedAt !== null);
    const sealed = written.filter(({ openedAt, side }) => openedAt === null && side === ownSide);
    const own = sealed.at(-1);
    const isCompleted = engagement.status === 'completed';
    return {
      engagementId: engagement.id,
      projectTitle: engagement.projectTitle ?? '',
      organizationName,
      ownSide,
      own: own === undefined ? null : { ...showOwn(own), mark: marks.get(own.id) },
      keptBeside: listKeptBeside(sealed).map(showOwn),
      opened: opened.map(show),
      opensAt:
        isCompleted && engagement.endedAt !== null ? computeOpensAt(engagement.endedAt) : null,
      canWrite:
        isCompleted &&
        engagement.membershipId !== null &&
        !opened.some(({ side }) => side === ownSide),
    };
  });
}
