import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Seat } from '../seats/seat.ts';

/** Which of a seat's tasks are meant; without any field, all of them. */
export interface TaskFilter {
  readonly taskIds?: readonly string[] | undefined;
  readonly engagementId?: string | undefined;
  readonly projectId?: string | undefined;
}

export const isUnfiltered = ({ taskIds, engagementId, projectId }: TaskFilter): boolean =>
  taskIds === undefined && engagementId === undefined && projectId === undefined;

/**
 * A condition on the column that holds a task's id, for reads beside the task itself. Without a filter it
 * says nothing, so that a list of everything stays one scan.
 */
export function computeTaskCondition(
  seat: Seat,
  filter: TaskFilter,
  column: string,
): RawBuilder<SqlBool> {
  const { orgId } = seat.record;
  const conditions: RawBuilder<SqlBool>[] = [];
  if (filter.taskIds !== undefined)
    // One parameter however many ids: SQLite bounds the number of parameters.
    conditions.push(
      sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(filter.taskIds)}))`,
    );
  if (filter.engagementId !== undefined)
    conditions.push(
      sql`${sql.ref(column)} in (select id from tasks where "orgId" = ${orgId} and "engagementId" = ${filter.engagementId})`,
    );
  if (filter.projectId !== undefined)
    conditions.push(
      sql`${sql.ref(column)} in (select tasks.id from engagements join tasks
        on tasks."orgId" = engagements."orgId" and tasks."engagementId" = engagements.id
        where engagements."orgId" = ${orgId} and engagements."projectId" = ${filter.projectId})`,
    );
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}
