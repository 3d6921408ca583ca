import type { Brief } from '../../../shared/contract/shapes.ts';
import type { Criterion } from '../../../shared/domain/fields.ts';
import type { Seat } from '../seats/seat.ts';

interface BriefRow {
  readonly id: string;
  readonly version: number;
  readonly instructions: string;
  readonly criteriaJson: string;
  readonly createdAt: string;
}

const createBrief = ({ id, criteriaJson, ...row }: BriefRow): Brief => ({
  briefVersionId: id,
  ...row,
  criteria: JSON.parse(criteriaJson) as Criterion[],
});

/** Every version of a task's brief, newest first. */
export async function loadBriefVersions(seat: Seat, taskId: string): Promise<Brief[]> {
  const rows = await seat.db
    .selectFrom('briefVersions')
    .select(['id', 'version', 'instructions', 'criteriaJson', 'createdAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('taskId', '=', taskId)
    .orderBy('version', 'desc')
    .execute();
  return rows.map((row) => createBrief(row));
}

/** Brief versions by id; of those ids that this seat holds. */
export async function loadBriefs(
  seat: Seat,
  briefVersionIds: readonly string[],
): Promise<Map<string, Brief>> {
  if (briefVersionIds.length === 0) return new Map();
  const rows = await seat.db
    .selectFrom('briefVersions')
    .select(['id', 'version', 'instructions', 'criteriaJson', 'createdAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', 'in', [...new Set(briefVersionIds)])
    .execute();
  return new Map(rows.map((row) => [row.id, createBrief(row)]));
}

/** Stands in for a version whose page has not come yet. */
export function createUnknownBrief(briefVersionId: string, createdAt: string): Brief {
  return { briefVersionId, version: 0, instructions: '', criteria: [], createdAt };
}
