import { z } from 'zod';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Seat } from '../seats/seat.ts';

type Template = RequestOutput<'project.get'>['templates'][number];

const criteriaSchema = z.array(z.string());

/** A project's templates that were not removed, in their order. */
export async function loadTemplates(seat: Seat, projectId: string): Promise<Template[]> {
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
  return rows.map((row) => ({
    templateId: row.id,
    title: row.title,
    instructions: row.instructions,
    criteria: criteriaSchema.parse(JSON.parse(row.criteriaJson)),
    estimateMinutes: row.estimateMinutes,
    dueDays: row.dueDays,
    dueTime: row.dueTime,
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
