import type { Kysely } from 'kysely';
import { createDomainTable, type DomainColumns } from './create-domain-table.ts';

/** What version 3 adds to the domain tables. */
const tables: Readonly<Record<string, DomainColumns>> = {};

/** New columns of older tables; null in rows that came before. */
const columns: Readonly<Record<string, Readonly<Record<string, 'text' | 'integer' | 'bigint'>>>> = {
  memberships: { erasedAt: 'text' },
  projects: { roundingMinutes: 'integer', roundingMode: 'text', roundingPer: 'text' },
};

/** What is looked up in them, beyond the primary key; a server's indexes begin with `orgId`, a seat's do not. */
export const indexesOfV3: readonly (readonly [table: string, ...columns: string[]])[] = [];

/** Creates no indexes: server and seat each make their own from `indexesOfV3`. */
// oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
export async function extendDomainSchemaToV3(db: Kysely<any>): Promise<void> {
  for (const [name, described] of Object.entries(tables))
    await createDomainTable(db, name, described);
  for (const [table, added] of Object.entries(columns))
    for (const [column, type] of Object.entries(added))
      await db.schema.alterTable(table).addColumn(column, type).execute();
}

export const tablesOfV3: readonly string[] = Object.keys(tables);
