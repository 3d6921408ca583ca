import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeTemplate } from '../../../shared/mutations/template-mutations.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import type { Seat } from '../seats/seat.ts';

type Template = RequestOutput<'project.get'>['templates'][number];
type Replaced = Template['replaced'][number];

/** A project's templates that were not removed, in their order. */
export async function loadTemplates(
  seat: Seat,
  projectId: string,
): Promise<Omit<Template, 'replaced'>[]> {
  const rows = await seat.db
    .selectFrom('taskTemplates')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('projectId', '=', projectId)
    .where('removedAt', 'is', null)
    .orderBy('position')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ templateId: row.id, ...computeTemplate(row) }));
}

const replacedFields: ReadonlySet<string> = new Set<Replaced['field']>([
  'title',
  'instructions',
  'estimateMinutes',
  'dueDays',
  'dueTime',
]);
const shownMs = 30 * 24 * 60 * 60 * 1000;

/** With what was written over unseen in the last thirty days, newest first, and does not stand there again. */
export async function loadTemplatesWithReplaced(
  seat: Seat,
  projectId: string,
  now: string,
): Promise<Template[]> {
  const templates = await loadTemplates(seat, projectId);
  if (templates.length === 0) return [];
  const edits = await seat.db
    .selectFrom('fieldEdits')
    .leftJoin('memberships', (join) =>
      join
        .onRef('memberships.orgId', '=', 'fieldEdits.orgId')
        .onRef('memberships.id', '=', 'fieldEdits.editedBy'),
    )
    .select(['rowId', 'field', 'previousJson', 'editedAt', 'memberships.displayName'])
    .where('fieldEdits.orgId', '=', seat.record.orgId)
    .where(
      'rowId',
      'in',
      templates.map(({ templateId }) => templateId),
    )
    .where('overwroteUnseen', '=', 1)
    .where('editedAt', '>=', computeIsoInstant(computeEpochMs(now) - shownMs))
    .orderBy('editedAt', 'desc')
    .orderBy('fieldEdits.id')
    .execute();
  return templates.map((template) => ({
    ...template,
    replaced: edits.flatMap(({ rowId, field, previousJson, editedAt, displayName }) => {
      if (rowId !== template.templateId || !replacedFields.has(field)) return [];
      const replaced = {
        field: field as Replaced['field'],
        value: JSON.parse(previousJson) as Replaced['value'],
        replacedBy: displayName ?? 'Somebody',
        replacedAt: editedAt,
      };
      return replaced.value === template[replaced.field] ? [] : [replaced];
    }),
  }));
}

/** @throws StintError `not_found`. */
export async function getTemplateRow(
  seat: Seat,
  templateId: string,
): Promise<DomainRow<'taskTemplates'>> {
  const row = await seat.db
    .selectFrom('taskTemplates')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', templateId)
    .executeTakeFirst();
  if (row === undefined)
    throw new StintError('not_found', `there is no task template ${templateId}`, {
      field: 'templateId',
    });
  return row;
}

/** The place behind the last one. */
export async function computeNextPosition(seat: Seat, projectId: string): Promise<number> {
  const last = await seat.db
    .selectFrom('taskTemplates')
    .select((row) => row.fn.max('position').as('position'))
    .where('orgId', '=', seat.record.orgId)
    .where('projectId', '=', projectId)
    .executeTakeFirst();
  return Math.min(10_000, (last?.position ?? 0) + 1);
}
