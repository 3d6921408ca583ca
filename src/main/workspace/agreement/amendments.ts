import type { Amendment } from '../../../shared/contract/agreement-requests.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { amendmentChangesSchema, computeSide } from '../../../shared/domain/agreement.ts';
import { StintError } from '../../../shared/errors.ts';
import {
  computeAgreed,
  listOutdatedFields,
} from '../../../shared/mutations/amendment-mutations.ts';
import type { Seat } from '../seats/seat.ts';
import { loadPeopleByMembership } from '../work/people-names.ts';
import { loadSyncMarks } from '../work/sync-marks.ts';

/** The engagement's row. @throws StintError `not_found`. */
export async function getEngagementRow(
  seat: Seat,
  engagementId: string,
): Promise<DomainRow<'engagements'>> {
  const row = await seat.db
    .selectFrom('engagements')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', engagementId)
    .executeTakeFirst();
  if (row === undefined)
    throw new StintError(
      'not_found',
      `there is no engagement ${engagementId} in this organization`,
      { field: 'engagementId' },
    );
  return row;
}

async function loadRows(seat: Seat, filter: { engagementId?: string; amendmentId?: string }) {
  let query = seat.db
    .selectFrom('amendments')
    .innerJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'amendments.orgId')
        .onRef('engagements.id', '=', 'amendments.engagementId'),
    )
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .leftJoin('tasks', (join) =>
      join
        .onRef('tasks.orgId', '=', 'amendments.orgId')
        .onRef('tasks.id', '=', 'amendments.taskId'),
    )
    .selectAll('amendments')
    .select([
      'projects.title as projectTitle',
      'tasks.title as taskTitle',
      'engagements.status',
      'engagements.membershipId',
      'engagements.invitedName',
      'engagements.hourBudgetMinutes',
      'engagements.payKind',
      'engagements.payAmountMinor',
      'engagements.payCurrency',
      'engagements.startsOn',
      'engagements.endsOn',
      'engagements.scopeText',
    ])
    .where('amendments.orgId', '=', seat.record.orgId)
    .orderBy('amendments.createdAt', 'desc')
    .orderBy('amendments.id', 'desc');
  if (filter.engagementId !== undefined)
    query = query.where('amendments.engagementId', '=', filter.engagementId);
  if (filter.amendmentId !== undefined)
    query = query.where('amendments.id', '=', filter.amendmentId);
  return query.execute();
}

/** Open ones first, then the newest first. */
export async function loadAmendments(
  seat: Seat,
  filter: { engagementId?: string; amendmentId?: string },
): Promise<Amendment[]> {
  const rows = await loadRows(seat, filter);
  if (rows.length === 0) return [];
  const people = await loadPeopleByMembership(seat);
  const marks = await loadSyncMarks(seat, 'amendments');
  const own = computeSide(seat.record.role);
  const items = rows.map((row): Amendment => {
    const changes = amendmentChangesSchema.parse(JSON.parse(row.changesJson));
    const isOpen = row.state === 'proposed';
    const hasEnded = row.status === 'completed' || row.status === 'withdrawn';
    return {
      seatId: seat.record.seatId,
      amendmentId: row.id,
      engagementId: row.engagementId,
      projectTitle: row.projectTitle ?? '',
      internName: people.get(row.membershipId ?? '')?.name ?? row.invitedName,
      taskId: row.taskId,
      taskTitle: row.taskTitle,
      proposedByName: people.get(row.proposedBy)?.name ?? '',
      proposedSide: row.proposedSide,
      isOwnSide: row.proposedSide === own,
      reason: row.reason,
      changes,
      outdatedFields: isOpen ? listOutdatedFields(changes, computeAgreed(row)) : [],
      state: isOpen && hasEnded ? 'lapsed' : row.state,
      createdAt: row.createdAt,
      decidedByName: row.decidedBy === null ? null : (people.get(row.decidedBy)?.name ?? ''),
      decidedAt: row.decidedAt,
      decisionReason: row.decisionReason,
      mark: marks.get(row.id),
    };
  });
  return [
    ...items.filter(({ state }) => state === 'proposed'),
    ...items.filter(({ state }) => state !== 'proposed'),
  ];
}

/** @throws StintError `not_found`. */
export async function getAmendment(seat: Seat, amendmentId: string): Promise<Amendment> {
  const [amendment] = await loadAmendments(seat, { amendmentId });
  if (amendment === undefined)
    throw new StintError('not_found', `there is no amendment ${amendmentId} in this organization`, {
      field: 'amendmentId',
    });
  return amendment;
}
