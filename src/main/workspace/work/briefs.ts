import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Brief } from '../../../shared/contract/shapes.ts';
import { type Criterion, idSchema } from '../../../shared/domain/fields.ts';
import { replacedBriefField } from '../../../shared/mutations/brief-mutations.ts';
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

async function findWriter(seat: Seat, briefVersionId: string): Promise<string> {
  const row = await seat.db
    .selectFrom('briefVersions')
    .innerJoin('memberships', (join) =>
      join
        .onRef('memberships.orgId', '=', 'briefVersions.orgId')
        .onRef('memberships.id', '=', 'briefVersions.createdBy'),
    )
    .select('memberships.displayName')
    .where('briefVersions.orgId', '=', seat.record.orgId)
    .where('briefVersions.id', '=', briefVersionId)
    .executeTakeFirst();
  return row?.displayName ?? 'Somebody';
}

/**
 * Of a task whose brief was written without having seen another version: that version, and the one that both began with.
 *
 * @param versions of the brief, newest first
 */
export async function findReplacedBrief(
  seat: Seat,
  task: { readonly id: string; readonly briefVersionId: string },
  versions: readonly Brief[],
): Promise<RequestOutput<'task.get'>['replacedBrief']> {
  const edits = await seat.db
    .selectFrom('fieldEdits')
    .select('previousJson')
    .where('orgId', '=', seat.record.orgId)
    .where('rowId', '=', task.id)
    .where('field', '=', replacedBriefField)
    .where('nextJson', '=', JSON.stringify(task.briefVersionId))
    .execute();
  const ids = new Set(edits.map(({ previousJson }) => idSchema.parse(JSON.parse(previousJson))));
  const replaced = versions.filter(({ briefVersionId }) => ids.has(briefVersionId));
  const [theirs] = replaced;
  const oldest = replaced.at(-1)?.version ?? 0;
  const before = versions.find(({ version }) => version < oldest);
  if (theirs === undefined || before === undefined) return null;
  return {
    before,
    theirs,
    writtenBy: await findWriter(seat, theirs.briefVersionId),
    replacedBy: await findWriter(seat, task.briefVersionId),
  };
}
