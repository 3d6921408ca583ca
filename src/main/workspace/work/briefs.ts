import type { Brief } from '../../../shared/contract/shapes.ts';
import type { Criterion } from '../../../shared/domain/fields.ts';
import type { Seat } from '../seats/seat.ts';

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
  return new Map(
    rows.map((row) => [
      row.id,
      {
        briefVersionId: row.id,
        version: row.version,
        instructions: row.instructions,
        criteria: JSON.parse(row.criteriaJson) as Criterion[],
        createdAt: row.createdAt,
      },
    ]),
  );
}

/** Stands in for a version whose page has not come yet. */
export function createUnknownBrief(briefVersionId: string, createdAt: string): Brief {
  return { briefVersionId, version: 0, instructions: '', criteria: [], createdAt };
}
