import type { Kysely } from 'kysely';
import type { DomainDatabase, DomainRow, DomainTable } from './domain-tables.ts';

/** What columns are to hold; none of them nothing. */
export type ColumnValues<Table extends DomainTable> = Readonly<Partial<DomainRow<Table>>>;

/** An organization's rows of a table with these values, whole, in the order of their ids. */
export async function selectRowsWith<Table extends DomainTable>(
  db: Kysely<DomainDatabase>,
  orgId: string,
  table: Table,
  values: ColumnValues<Table>,
): Promise<DomainRow<Table>[]> {
  const rows = await db
    .selectFrom(table as 'tasks')
    .selectAll()
    .where('orgId', '=', orgId)
    .where((row) => row.and(values as ColumnValues<'tasks'>))
    .orderBy('id')
    .execute();
  return rows as unknown as DomainRow<Table>[];
}
